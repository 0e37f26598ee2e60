namespace BoxOffice.Grains.Schema;

/// <summary>The database's schema is not one that this program can use.</summary>
public sealed class SchemaVersionException(string message) : Exception(message);
