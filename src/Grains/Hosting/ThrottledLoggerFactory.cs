using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BoxOffice.Grains.Hosting;

/// <summary>
/// Makes loggers that stay readable when a thousand callers meet the same failure. Of each kind of warning and error
/// the first lines of a period are written and the rest is counted; one line at the period's end has the count.
/// Database failures that <see cref="Journal.StoreFailure"/> classifies are written by name, without a stack. Critical
/// lines, and those below Warning, pass.
/// </summary>
internal sealed class ThrottledLoggerFactory(ILoggerFactory inner, TimeProvider time) : ILoggerFactory
{
    /// <summary>
    /// Lines of one kind in one period: enough to see that more than one event or member is affected.
    /// </summary>
    public const int LinesMax = 3;

    /// <summary>
    /// How long lines of one kind are counted together. Ten kinds at once are then a few lines a second.
    /// </summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new ThrottledLogger(inner.CreateLogger(categoryName), time);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();
}

/// <summary>Registers log throttling.</summary>
public static class LogThrottling
{
    /// <summary>Throttles all that is logged in this host, also by Orleans and other libraries.</summary>
    public static IServiceCollection AddLogThrottling(this IServiceCollection services) => services.Replace(
        ServiceDescriptor.Singleton<ILoggerFactory>(provider => new ThrottledLoggerFactory(
            new LoggerFactory(
                provider.GetServices<ILoggerProvider>(),
                provider.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>(),
                provider.GetRequiredService<IOptions<LoggerFactoryOptions>>(),
                provider.GetService<IExternalScopeProvider>()),
            TimeProvider.System)));
}
