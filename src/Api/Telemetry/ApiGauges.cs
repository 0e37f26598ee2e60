namespace BoxOffice.Api.Telemetry;

/// <summary>Reads the current lengths of a front-end's queues. Each is called when metrics are collected.</summary>
/// <param name="ReserveQueueLength">Reserve calls that wait.</param>
/// <param name="ReserveQueueAge">Age of the oldest of these.</param>
/// <param name="PasswordsWaiting">Passwords that wait to be hashed.</param>
/// <param name="LatchesClosed">Events whose calls this front-end refuses by itself.</param>
/// <param name="StreamListeners">Connections that watch an event.</param>
/// <param name="StreamEvents">Events that are watched.</param>
internal sealed record ApiGauges(
    Func<int> ReserveQueueLength,
    Func<TimeSpan> ReserveQueueAge,
    Func<int> PasswordsWaiting,
    Func<int> LatchesClosed,
    Func<int> StreamListeners,
    Func<int> StreamEvents);
