using static BoxOffice.Api.Tests.SoldOut;

namespace BoxOffice.Api.Tests;

/// <summary>Spared calls of a batch whose answer is lost: their outcome is known until they are sent.</summary>
public sealed class SoldOutDoubtTests
{
    [Fact]
    public async Task A_spared_call_is_not_in_doubt_when_the_event_fails()
    {
        var time = new FakeTime();
        var (gala, frontEnd) = await BeginAsync(time, time.Advance);
        // the latch is open, and the event is asked whether its notice still holds
        time.Advance(Later);
        gala.NextFailure = new OutcomeUnknownException("The silo was lost.");

        // retried, although it has no key
        Assert.Equal(ReserveStatus.SoldOut, await time.UntilAsync(StatusAsync(frontEnd, "bob")));
        Assert.Null(gala.NextFailure);
    }

    [Fact]
    public async Task A_spared_call_that_was_sent_after_all_is_in_doubt_when_that_answer_is_lost()
    {
        var time = new FakeTime();
        var (gala, frontEnd) = await BeginAsync(time, time.Advance, maxPerMember: 3);
        time.Advance(Later);
        await gala.Change(new(Capacity: 5), "boss"); // the notice no longer holds, and bob's call is sent
        gala.AnswersUntilLoss = 1;

        await Assert.ThrowsAsync<OutcomeUnknownException>(() => time.UntilAsync(StatusAsync(frontEnd, "bob")));
        Assert.Equal(ReserveStatus.Reserved, await StatusAsync(frontEnd, "kim")); // after any retry for bob
        Assert.Single(gala.Journal, entry => entry.Kind == EntryKind.Reserved && entry.Actor == "bob");
    }

    [Fact]
    public async Task Of_a_batch_whose_answer_is_lost_only_sent_calls_are_in_doubt()
    {
        var time = new FakeTime();
        var (gala, frontEnd) = await BeginAsync(time, time.Advance);
        time.Advance(Later);
        gala.KeepAnswersBack();
        var first = StatusAsync(frontEnd, "first");
        var sent = StatusAsync(frontEnd, "bob", quantity: 2); // beyond the limit: the event answers that itself
        var notSent = StatusAsync(frontEnd, "kim");
        gala.AnswersUntilLoss = 1;
        gala.GiveAnswers();

        Assert.Equal(ReserveStatus.SoldOut, await first);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => time.UntilAsync(sent));
        Assert.Equal(ReserveStatus.SoldOut, await notSent);
    }

    [Fact]
    public async Task A_defect_of_the_event_fails_spared_calls_without_a_retry()
    {
        var time = new FakeTime();
        var (gala, frontEnd) = await BeginAsync(time, time.Advance);
        time.Advance(Later);
        gala.NextFailure = new InvalidOperationException("A defect.");

        await Assert.ThrowsAsync<InvalidOperationException>(() => time.UntilAsync(StatusAsync(frontEnd, "bob")));
    }
}
