using System.Net;
using BoxOffice.Testing;

namespace BoxOffice.Measure.Comparison;

/// <summary>
/// Reserve calls at half load, while more members log in than passwords can be hashed. Every password is different,
/// uncached, and hashed with the production cost.
/// </summary>
internal static class LoginStorm
{
    public const string Quiet = "logins-none";
    public const string Storm = "logins-storm";

    private const int SigningUpAtOnce = 8;

    private static readonly TimeSpan Impatience = TimeSpan.FromMilliseconds(250);

    private static readonly string[] FirstSteps = ["/member/signup", "/member/login"];

    /// <summary>
    /// Signs up the members, and logs each in once, so that the code is compiled before the measurement. Takes a while,
    /// because every password is hashed.
    /// </summary>
    public static async Task SignUpAsync(ComparisonRun run)
    {
        if (!run.Plan.Has(Storm) || run.Find(Contestants.Ours) is not { } ours) return;
        await Parallel.ForEachAsync(Enumerable.Range(1, run.Plan.StormMembers),
            new ParallelOptions { MaxDegreeOfParallelism = SigningUpAtOnce },
            async (number, _) =>
            {
                foreach (var step in FirstSteps)
                {
                    var reply = await new Client(ours.Url).PostAsync(step, CredentialsOf(number));
                    if (reply.Code is not null)
                        throw new InvalidOperationException($"{step} by member {number}: {reply}");
                }
            });
    }

    public static async Task RunAsync(ComparisonRun run)
    {
        if (run.Find(Contestants.Ours) is not { } ours || OfferedLoad.MaximumOf(run, ours.Name) is not { } maximum)
            return;
        var half = OfferedLoad.Request(maximum / 2, run.Plan.Seconds);
        await run.TakeTurnsAsync(Storm, [ours], async (contestant, round) =>
        {
            run.Add(Quiet, contestant, round, await Sale.OfferedAsync(contestant, $"{Quiet}-{round}", half));
            using var calm = new CancellationTokenSource();
            var answers = new Answers();
            var storm = Task.WhenAll(
                Enumerable.Range(1, run.Plan.StormMembers)
                    .Select(number => LogInAsync(contestant.Url, number, answers, calm.Token)));
            var figures = await Sale.OfferedAsync(contestant, $"{Storm}-{round}", half);
            figures[Figure.LoginsPerSecond] = (double)answers.All / run.Plan.Seconds;
            figures[Figure.LoginsBusyPerSecond] = (double)answers.Busy / run.Plan.Seconds;
            await calm.CancelAsync();
            await storm;
            return figures;
        });
    }

    /// <summary>A member that logs in again after each answer.</summary>
    private static async Task LogInAsync(Uri url, int number, Answers answers, CancellationToken calm)
    {
        while (!calm.IsCancellationRequested)
        {
            var reply = await new Client(url).PostAsync("/member/login", CredentialsOf(number));
            answers.Count(reply.Status);
            if (reply.Status != HttpStatusCode.OK) await Task.Delay(Impatience, CancellationToken.None);
        }
    }

    private static object CredentialsOf(int number) =>
        new { id = $"storm{number}", password = $"see you all at the show, row {number}" };

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
