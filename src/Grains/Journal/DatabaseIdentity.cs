namespace BoxOffice.Grains.Journal;

/// <summary>
/// Which database server answers: it shows that another one took its place, or that it was restarted.
/// </summary>
/// <param name="System">
/// PostgreSQL's system identifier: the same on a primary, its standbys and its restored backups.
/// </param>
/// <param name="Timeline">Grows with each promotion and each recovery to a point in time.</param>
/// <param name="StartedAt">When the server was started. A backup cannot be restored under a running server.</param>
public sealed record DatabaseIdentity(string System, string Timeline, DateTimeOffset StartedAt);
