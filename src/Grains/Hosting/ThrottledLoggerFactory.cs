using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BoxOffice.Grains.Hosting;

/// <summary>
/// Makes loggers that stay readable when a thousand callers meet the same trouble. Of each kind of warning and error the first
/// lines of a period are written and the rest is counted; one line at the period's end says how many there were. Trouble of
/// the database that has a name is written as its name, without a stack. Critical lines, and those below Warning, pass.
/// </summary>
internal sealed class ThrottledLoggerFactory(ILoggerFactory inner, TimeProvider time) : ILoggerFactory
{
    /// <summary>Lines of one kind in one period: what a reader needs to see that it is not just one event or member.</summary>
    public const int LinesMax = 3;

    /// <summary>How long lines of one kind are counted together. Some ten kinds in trouble are then some lines a second.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new ThrottledLogger(inner.CreateLogger(categoryName), time);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();
}

/// <summary>How a host gets it.</summary>
public static class LogThrottling
{
    /// <summary>Throttles everything that this host logs, and what Orleans and others log in it.</summary>
    public static IServiceCollection AddLogThrottling(this IServiceCollection services) => services.Replace(
        ServiceDescriptor.Singleton<ILoggerFactory>(provider => new ThrottledLoggerFactory(
            new LoggerFactory(
                provider.GetServices<ILoggerProvider>(),
                provider.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>(),
                provider.GetRequiredService<IOptions<LoggerFactoryOptions>>(),
                provider.GetService<IExternalScopeProvider>()),
            TimeProvider.System)));
}
