using BoxOffice.Grains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BoxOffice.Grains.Tests;

/// <summary>A program that is stopped while it starts.</summary>
public sealed class HostStartTests
{
    [Fact]
    public async Task A_program_that_is_stopped_while_it_starts_stops_what_had_started_and_does_not_fail()
    {
        using var host = HostOf(out var services);

        var starting = host.TryStartAsync();
        await services.Slow.Begun.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.False(await starting);
        Assert.True(services.Quick.IsStopped);
    }

    [Fact]
    public async Task A_program_that_fails_while_it_starts_fails()
    {
        using var host = HostOf(out var services);

        var starting = host.TryStartAsync();
        services.Slow.Failure.SetException(new TimeoutException("The database is away."));

        await Assert.ThrowsAsync<TimeoutException>(() => starting);
    }

    private static IHost HostOf(out (Quick Quick, Slow Slow) services)
    {
        var (quick, slow) = services = (new(), new());
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostedService>(quick);
        builder.Services.AddSingleton<IHostedService>(slow);
        return builder.Build();
    }

    private sealed class Quick : IHostedService
    {
        public bool IsStopped { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken)
        {
            IsStopped = true;
            return Task.CompletedTask;
        }
    }

    /// <summary>Starts until it fails, or is stopped.</summary>
    private sealed class Slow : IHostedService
    {
        public TaskCompletionSource Begun { get; } = new();

        public TaskCompletionSource Failure { get; } = new();

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Begun.SetResult();
            return Failure.Task.WaitAsync(cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
