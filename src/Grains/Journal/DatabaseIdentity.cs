namespace BoxOffice.Grains.Journal;

/// <summary>Which database server answers: enough to see that another one took its place, or that it was started again.</summary>
/// <param name="System">PostgreSQL's system identifier: the same on a primary, its standbys and its restored backups.</param>
/// <param name="Timeline">Grows with each promotion and each recovery to a point in time.</param>
/// <param name="StartedAt">When the server was started. Nobody can restore a backup beneath one that runs.</param>
public sealed record DatabaseIdentity(string System, string Timeline, DateTimeOffset StartedAt);
