namespace BoxOffice.Peers;

/// <summary>
/// e0: an endpoint without a token check and without work: the maximum of this host on this machine. See
/// <see cref="ReserveEndpoint"/>.
/// </summary>
internal sealed class EmptyEndpoint : IPeer
{
    public Task OpenAsync(string eventId, int capacity) => Task.CompletedTask;

    public ValueTask<Sale> ReserveAsync(string eventId, string memberId) => new(Sale.SoldOut);

    public Task<EventNumbers?> NumbersAsync(string eventId) =>
        Task.FromResult<EventNumbers?>(new(0, 0, 0, Durable: false));
}
