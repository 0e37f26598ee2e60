namespace BoxOffice.Grains.Schema;

/// <summary>The installation record in a file of the embedded store.</summary>
/// <param name="Id">Random, made at the first start; the same in both files.</param>
/// <param name="IsPaired">True once both files have it.</param>
/// <param name="RowsOfOther">How many rows the other file had at the last start or stop. It never has fewer.</param>
internal sealed record Installation(string Id, bool IsPaired, long RowsOfOther);
