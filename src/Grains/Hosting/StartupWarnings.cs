using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Hosting;

/// <summary>Findings of a start that do not prevent it. Each becomes a log line once logging works.</summary>
public sealed class StartupWarnings
{
    private readonly List<string> _all = [];

    /// <summary>All findings so far, each with what to do.</summary>
    public IReadOnlyList<string> All => _all;

    /// <summary>Adds a finding.</summary>
    public void Add(string warning) => _all.Add(warning);
}

/// <summary>Logs the findings, before all other lines.</summary>
internal sealed partial class StartupWarningsLog(
    StartupWarnings warnings, ILogger<StartupWarnings> logger) : IHostedService
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

/// <summary>Registers the log of startup warnings.</summary>
public static class StartupWarningsRegistration
{
    /// <summary>Logs these warnings when the host starts.</summary>
    public static IServiceCollection AddStartupWarnings(this IServiceCollection services, StartupWarnings warnings) =>
        services.AddSingleton(warnings).AddHostedService<StartupWarningsLog>();
}
