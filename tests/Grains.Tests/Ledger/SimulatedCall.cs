using BoxOffice.Grains.Ledger;

namespace BoxOffice.Grains.Tests.Ledger;

/// <summary>What can be called in a simulation.</summary>
internal enum CallKind { Open, Reserve, Confirm, Cancel, Find, List, Export, Status, Expire, Change, Pause, Resume }

/// <summary>One call of a simulation, to be made on the ledger, on the naive model, and on replays.</summary>
internal sealed record SimulatedCall(
    CallKind Kind,
    DateTimeOffset Now,
    string Member = "",
    string? Key = null,
    int Quantity = 0,
    long Sequence = 0,
    EventTerms? Terms = null,
    TermsChange? Change = null)
{
    public object? On(ReservationLedger ledger)
    {
        switch (Kind)
        {
            case CallKind.Open: return ledger.Open(Terms!, Operator, Now);
            case CallKind.Reserve: return ledger.Reserve(Member, Quantity, Now, Key);
            case CallKind.Confirm: return ledger.Confirm(Member, Sequence, Now);
            case CallKind.Cancel: return ledger.Cancel(Member, Sequence, Now);
            case CallKind.Find: return ledger.Find(Member, Sequence, Now);
            case CallKind.List: return ledger.ReservationsOf(Member, Quantity, Now);
            case CallKind.Export: return ledger.Export(Sequence, Quantity, Now);
            case CallKind.Status: return ledger.Status(Now);
            case CallKind.Change: return ledger.Change(Change!, Now);
            case CallKind.Pause: return ledger.Pause(Now);
            case CallKind.Resume: return ledger.Resume(Now);
            default:
                ledger.ExpireDue(Now);
                return null;
        }
    }

    public object? On(NaiveBoxOffice model)
    {
        switch (Kind)
        {
            case CallKind.Open: return model.Open(Terms!, Now);
            case CallKind.Reserve: return model.Reserve(new(Member, Key, Quantity), Now);
            case CallKind.Confirm: return model.Confirm(Member, Sequence, Now);
            case CallKind.Cancel: return model.Cancel(Member, Sequence, Now);
            case CallKind.Find: return model.Find(Member, Sequence, Now);
            case CallKind.List: return model.ReservationsOf(Member, Quantity, Now);
            case CallKind.Export: return model.Export(Sequence, Quantity, Now);
            case CallKind.Status: return model.Status(Now);
            case CallKind.Change: return model.Change(Change!, Now);
            case CallKind.Pause: return model.SetPaused(true, Now);
            case CallKind.Resume: return model.SetPaused(false, Now);
            default:
                model.Look(Now);
                return null;
        }
    }
}
