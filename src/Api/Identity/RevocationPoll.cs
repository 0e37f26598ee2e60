using BoxOffice.Api.Routing;

namespace BoxOffice.Api.Identity;

/// <summary>
/// Asks for new revocations several times a second, so that a revoked token buys nothing after a second at any
/// front-end. At the start it has them all before the front-end listens. While the silos do not answer, the last ones
/// count: a sale must not end for it.
/// </summary>
internal sealed partial class RevocationPoll(
    Revocations revocations, RetryPolicy retry, TimeProvider time, ILogger<RevocationPoll> logger) : BackgroundService
{
    private const string Key = "revocations"; // by which the one grain is routed

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(300);

    private long _version = -1;

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        while (!await IsAskedAsync()) await Task.Delay(Period, time, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isFailing = false;
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await AskAsync();
                isFailing = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (!isFailing) LogNotRead(e);
                isFailing = true;
            }
        }
    }

    private async Task<bool> IsAskedAsync()
    {
        try
        {
            await AskAsync();
            return true;
        }
        catch (Exception e) when (CallFailure.MayHelp(e))
        {
            return false;
        }
    }

    private async Task AskAsync()
    {
        // A version that went back is another store's: it is asked for everything.
        var news = await retry.AskAsync(Key, grains => grains.GetGrain<IRevocationsGrain>(0).Since(_version));
        if (news.Version < _version)
            news = await retry.AskAsync(Key, grains => grains.GetGrain<IRevocationsGrain>(0).Since(-1));
        foreach (var revocation in news.Added) revocations.Add(revocation);
        if (news.Version != _version) revocations.ForgetExpired();
        _version = news.Version;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Revoked tokens could not be read: tokens that are revoked from "
        + "now on stay valid at this front-end until the silos answer. It is tried again several times a second")]
    private partial void LogNotRead(Exception exception);
}
