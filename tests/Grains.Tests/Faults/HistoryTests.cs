using BoxOffice.Testing.Faults;

namespace BoxOffice.Grains.Tests.Faults;

/// <summary>A history keeps all that happened, in memory and on disk.</summary>
public sealed class HistoryTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void What_was_written_is_read_back()
    {
        using var history = new History(_path);
        var first = history.Begin(new(Verb.Reserve, "gala", Ann, "k", 2, FrontEnd: "127.0.0.1:80"));
        var second = history.Begin(new(Verb.Status, "gala", Phase: Phase.Healed));
        history.End(second, new(Outcome.Ok, 200, Numbers: new(8, 1, 1, 12)));
        history.End(first, new(Outcome.Ok, 200, Reservation: new("gala-2", 2, "HELD", 2, Noon)));
        history.Begin(new(Verb.Cancel, "gala", Ann, Sequence: 2));

        var loaded = History.Load(_path);

        Assert.Equal(history.StartedAt, loaded.StartedAt);
        Assert.Equal(history.Operations, loaded.Operations);
        Assert.Equal(Outcome.Unknown, loaded.Operations[2].Outcome);
    }

    [Fact]
    public void A_call_is_on_disk_before_it_has_an_answer()
    {
        using var history = new History(_path);

        history.Begin(new(Verb.Reserve, "gala", Ann, "k", 1));

        Assert.Equal(history.Operations, History.Load(_path).Operations);
    }

    [Fact]
    public void A_line_that_was_cut_off_leaves_a_call_whose_outcome_is_unknown()
    {
        using (var history = new History(_path))
        {
            history.End(history.Begin(new(Verb.Reserve, "gala", Ann, "k", 1)), new(Outcome.Refused, 409, "SOLD_OUT"));
        }
        File.WriteAllText(_path, File.ReadAllText(_path)[..^5]);

        Assert.Equal(Outcome.Unknown, Assert.Single(History.Load(_path).Operations).Outcome);
    }

    [Fact]
    public void A_history_and_a_journal_that_were_saved_get_the_same_verdict()
    {
        var journal = new StoredJournal(
            "gala", [new(1, StoredKind.Opened, Noon, Operator, Terms: new(1, OpensAt: Noon))]);
        using var history = new History();
        history.End(history.Begin(new(Verb.Reserve, "gala", Ann, "k", 1)), new(Outcome.Refused, 409, "SOLD_OUT"));
        history.Save(_path);
        var journalPath = _path + ".journal";
        journal.Save(journalPath);

        var verdict = Audit.Check(History.Load(_path), StoredJournal.Load(journalPath));
        File.Delete(journalPath);

        Assert.Equal([Promise.HonestRefusal], verdict.Broken);
        Assert.Equal(Audit.Check(history, journal).ToString(), verdict.ToString());
    }

    [Fact]
    public void Many_threads_write_at_once()
    {
        using var history = new History(_path);

        Parallel.For(
            0, 2_000,
            i =>
                history.End(
                    history.Begin(new(Verb.Reserve, "gala", $"m{i}", null, 1)), new(Outcome.Refused, 409, "BUSY")));

        var operations = History.Load(_path).Operations;
        Assert.Equal(history.Operations, operations);
        Assert.Equal(2_000, operations.DistinctBy(operation => operation.Call.MemberId).Count());
        Assert.All(operations, operation => Assert.True(operation.InvokedAt <= operation.CompletedAt));
    }
}
