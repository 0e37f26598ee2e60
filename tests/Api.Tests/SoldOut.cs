namespace BoxOffice.Api.Tests;

/// <summary>An event that is sold out, and a front-end that knows it.</summary>
internal static class SoldOut
{
    public static readonly TimeSpan Trusted = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan Later = Trusted + TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// An event with one ticket, which ann bought, and a front-end that has the event's notice from a call that came
    /// too late.
    /// </summary>
    public static async Task<(LedgerEvent Gala, FrontEnd FrontEnd)> BeginAsync(
        TimeProvider time, Action<TimeSpan> move, TimeSpan? trusted = null, Exception? failure = null,
        int maxPerMember = 1)
    {
        var gala = new LedgerEvent(time) { Failure = failure };
        await gala.Open(new("Gala", Capacity: 1, maxPerMember, HoldSeconds: 0), "boss");
        var frontEnd = FrontEnd.Over(gala, new() { SoldOutTrustedFor = trusted ?? Trusted }, time);
        await StatusAsync(frontEnd, "ann", "key");
        move(Later); // the answer to the buyer said "sold out", too
        await StatusAsync(frontEnd, "too late");
        return (gala, frontEnd);
    }

    public static async Task<ReserveStatus> StatusAsync(
        FrontEnd frontEnd, string member, string? key = null, int quantity = 1) =>
        (await frontEnd.Coalescer.ReserveAsync("gala", new(member, key, quantity))).Answer.Status;
}
