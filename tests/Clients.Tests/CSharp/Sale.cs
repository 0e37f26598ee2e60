using System;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using Generated;

/// <summary>What a box office in another program does, with nothing but the generated client.</summary>
public static class Sale
{
    public static async Task RunAsync(Uri address, string operatorPassword)
    {
        var nobody = new BoxOfficeClient(new HttpClient { BaseAddress = address });
        var boss = await LogInAsync(address, nobody, "operator", operatorPassword);

        // An operator opens an event, changes it, and removes the beginning of its sale.
        var opensAt = DateTimeOffset.UtcNow.AddDays(1);
        var opened = await boss.OpenEventAsync(new()
        {
            Name = "Swan Lake",
            Capacity = 1,
            HoldSeconds = 300,
            OpensAt = opensAt,
        });
        var id = opened.Data.Id;
        Require(opened.Data.State == SaleState.UPCOMING && opened.Data.MaxPerMember == 1, "it opens tomorrow");
        var changed = await boss.ChangeEventAsync(id, null, new() { Capacity = 2 });
        Require(changed.Data.Capacity == 2 && changed.Data.OpensAt is not null, "what is not named stays");

        var ann = await SignUpAsync(address, nobody, "ann-of-csharp");
        var bob = await SignUpAsync(address, nobody, "bob-of-csharp");
        var early = await RefusedAsync(() => ann.ReserveTicketsAsync(id, null, null));
        Require(early.Code == ProblemCode.NOT_OPEN && early.RetryAfterMs > 0, "not open");
        Require(early.OpensAt > early.ServerTime, "both times are told");

        changed = await boss.ChangeEventAsync(
            id, null, new() { Remove = [RemovableTerm.OpensAt], MaxPerMember = 2 });
        Require(changed.Data.OpensAt is null && changed.Data.State == SaleState.OPEN, "no beginning any more");
        var closesAt = DateTimeOffset.UtcNow.AddDays(2);
        var late = await RefusedAsync(() => boss.ChangeEventAsync(id, "\"0\"", new() { ClosesAt = closesAt }));
        Require(late.Code == ProblemCode.VERSION_MISMATCH, "another version");
        changed = await boss.ChangeEventAsync(id, $"\"{changed.Data.Version}\"", new() { ClosesAt = closesAt });
        Require((changed.Data.ClosesAt - closesAt)?.Duration() < TimeSpan.FromSeconds(1), "an end is set");

        // A member reserves, sends the call again with the same key, and confirms.
        var held = (await ann.ReserveTicketsAsync(id, "once", new() { Quantity = 2 })).Data;
        Require(held.Status == ReservationState.HELD && held.Quantity == 2 && held.ExpiresAt is not null, "held");
        var repeated = (await ann.ReserveTicketsAsync(id, "once", new() { Quantity = 2 })).Data;
        Require(repeated.ReservationId == held.ReservationId, "the same key, the same reservation");
        var allHeld = await RefusedAsync(() => bob.ReserveTicketsAsync(id, null, null));
        Require(allHeld.Code == ProblemCode.ALL_HELD && !allHeld.Terminal && allHeld.RetryAfterMs > 0, "all held");
        var confirmed = (await ann.ConfirmReservationAsync(held.ReservationId)).Data;
        Require(confirmed.Status == ReservationState.CONFIRMED && confirmed.ExpiresAt is null, "confirmed");

        var refused = await RefusedAsync(() => bob.ReserveTicketsAsync(id, null, null));
        Require(refused.Code == ProblemCode.SOLD_OUT && refused.Terminal, "sold out");
        Require(refused.Outcome == ProblemOutcome.NOT_APPLIED && refused.Used is null, "nothing was done");

        // Lists read as lists.
        var mine = (await ann.ListMyReservationsAsync()).Data;
        Require(mine.Single().ReservationId == held.ReservationId, "my reservations");
        var events = (await nobody.ListEventsAsync(null, null)).Data;
        Require(events.Single(listed => listed.Id == id).State == SaleState.SOLD_OUT, "all events");
        Require((await nobody.GetEventAsync(id, null)).Data.Confirmed == 2, "one event");
        var exported = (await boss.ExportReservationsAsync(id, null)).Data;
        Require(exported.Single().MemberId == "ann-of-csharp", "the export");

        // The tickets come back, and the other member gets one.
        var cancelled = (await ann.CancelReservationAsync(held.ReservationId)).Data;
        Require(cancelled.Status == ReservationState.CANCELLED, "cancelled");
        var second = (await bob.ReserveTicketsAsync(id, "mine", null)).Data;
        Require(second.Status == ReservationState.HELD && second.Quantity == 1, "one for the other");
        Require((await boss.ReconcileEventAsync(id)).Data.Drift == 0, "all numbers agree");

        var stranger = await RefusedAsync(() => ann.PauseEventAsync(id));
        Require(stranger.Code == ProblemCode.FORBIDDEN, "not an operator");
        var invalid = await RefusedAsync(() => boss.OpenEventAsync(new() { Name = "Nothing", Capacity = 0 }));
        Require(invalid.Code == ProblemCode.VALIDATION_FAILED && invalid.Errors.ContainsKey("capacity"), "each field");
    }

    private static async Task<BoxOfficeClient> SignUpAsync(Uri address, BoxOfficeClient nobody, string id)
    {
        const string Password = "see you at the show";
        Require((await nobody.SignUpAsync(new() { Id = id, Password = Password })).Data.Id == id, "signed up");
        return await LogInAsync(address, nobody, id, Password);
    }

    private static async Task<BoxOfficeClient> LogInAsync(
        Uri address, BoxOfficeClient nobody, string id, string password)
    {
        var token = (await nobody.LogInAsync(new() { Id = id, Password = password })).Data;
        Require(token.ExpiresAt > DateTimeOffset.UtcNow, "a token that is valid");
        var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.AccessToken);
        return new(http);
    }

    private static async Task<Problem> RefusedAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (ApiException<Problem> refused)
        {
            Require(refused.StatusCode == refused.Result.Status, "the status of the answer");
            return refused.Result;
        }
        throw new InvalidOperationException("It was not refused.");
    }

    private static void Require(bool isSo, string what)
    {
        if (!isSo) throw new InvalidOperationException("Not so: " + what);
    }
}
