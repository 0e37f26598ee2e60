using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// Reserving at half load while far more people log in than passwords can be hashed, each with a password of their own that
/// nobody remembers, and hashed as often as in production.
/// </summary>
internal static class LoginStorm
{
    public const string Quiet = "logins-none";
    public const string Storm = "logins-storm";

    private const int SigningUpAtOnce = 8;

    private static readonly TimeSpan Impatience = TimeSpan.FromMilliseconds(250);

    private static readonly string[] FirstSteps = ["/member/signup", "/member/login"];

    /// <summary>
    /// Makes those who will log in, and has each of them do so once: a login's code is compiled before it is measured, as the
    /// sale's is. Takes a while, because every password is hashed.
    /// </summary>
    public static async Task SignUpAsync(Stage stage)
    {
        if (!stage.Plan.Has(Storm) || stage.Find(Contestants.Ours) is not { } ours) return;
        await Parallel.ForEachAsync(Enumerable.Range(1, stage.Plan.StormMembers), new ParallelOptions { MaxDegreeOfParallelism = SigningUpAtOnce },
            async (number, _) =>
            {
                foreach (var step in FirstSteps)
                {
                    var reply = await new Client(ours.Url).PostAsync(step, CredentialsOf(number));
                    if (reply.Code is not null) throw new InvalidOperationException($"{step} by member {number}: {reply}");
                }
            });
    }

    public static async Task RunAsync(Stage stage)
    {
        if (stage.Find(Contestants.Ours) is not { } ours || OfferedLoad.MaximumOf(stage, ours.Name) is not { } maximum) return;
        var half = OfferedLoad.Request(maximum / 2, stage.Plan.Seconds);
        await stage.TakeTurnsAsync(Storm, [ours], async (one, round) =>
        {
            stage.Add(Quiet, one, round, await Sale.OfferedAsync(one, $"{Quiet}-{round}", half));
            using var calm = new CancellationTokenSource();
            var answers = new Answers();
            var storm = Task.WhenAll(Enumerable.Range(1, stage.Plan.StormMembers).Select(number => LogInAsync(one.Url, number, answers, calm.Token)));
            var figures = await Sale.OfferedAsync(one, $"{Storm}-{round}", half);
            figures[Figure.LoginsPerSecond] = (double)answers.All / stage.Plan.Seconds;
            figures[Figure.LoginsBusyPerSecond] = (double)answers.Busy / stage.Plan.Seconds;
            await calm.CancelAsync();
            await storm;
            return figures;
        });
    }

    /// <summary>One who logs in again as soon as there was an answer.</summary>
    private static async Task LogInAsync(Uri url, int number, Answers answers, CancellationToken calm)
    {
        while (!calm.IsCancellationRequested)
        {
            var reply = await new Client(url).PostAsync("/member/login", CredentialsOf(number));
            answers.Count(reply.Status);
            if (reply.Status != HttpStatusCode.OK) await Task.Delay(Impatience, CancellationToken.None);
        }
    }

    private static object CredentialsOf(int number) => new { id = $"storm{number}", password = $"see you all at the show, row {number}" };

    private sealed class Answers
    {
        private long _all;
        private long _busy;

        public long All => Interlocked.Read(ref _all);

        public long Busy => Interlocked.Read(ref _busy);

        public void Count(HttpStatusCode status)
        {
            Interlocked.Increment(ref _all);
            if (status == HttpStatusCode.ServiceUnavailable) Interlocked.Increment(ref _busy);
        }
    }
}
