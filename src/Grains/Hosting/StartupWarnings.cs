using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Hosting;

/// <summary>What a program found at its start that does not stop it. Each is a line in the log, said once logging works.</summary>
public sealed class StartupWarnings
{
    private readonly List<string> _all = [];

    /// <summary>All that was found so far, each in one sentence with what to do.</summary>
    public IReadOnlyList<string> All => _all;

    /// <summary>Keeps one.</summary>
    public void Add(string warning) => _all.Add(warning);
}

/// <summary>Says them, first of all that is said.</summary>
internal sealed partial class StartupWarningsLog(StartupWarnings warnings, ILogger<StartupWarnings> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var warning in warnings.All) LogWarning(warning);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private partial void LogWarning(string warning);
}

/// <summary>How a host says what it found.</summary>
public static class StartupWarningsRegistration
{
    /// <summary>Lets the log have these warnings when the host starts.</summary>
    public static IServiceCollection AddStartupWarnings(this IServiceCollection services, StartupWarnings warnings) => services
        .AddSingleton(warnings)
        .AddHostedService<StartupWarningsLog>();
}
