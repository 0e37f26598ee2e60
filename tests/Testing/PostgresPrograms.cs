using System.Globalization;

namespace BoxOffice.Testing;

/// <summary>The installed programs of PostgreSQL: of BOXOFFICE_POSTGRES_BIN, else Debian's newest version.</summary>
public static class PostgresPrograms
{
    private const string Debian = "/usr/lib/postgresql";

    private static readonly Lazy<string> Folder = new(Find);

    /// <summary>The path of a program, such as <c>psql</c>.</summary>
    public static string PathOf(string name) => Path.Combine(Folder.Value, name);

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("BOXOFFICE_POSTGRES_BIN") is { Length: > 0 } given) return given;
        var versions = Directory.Exists(Debian) ? Directory.GetDirectories(Debian) : [];
        return versions.OrderByDescending(version => int.Parse(Path.GetFileName(version), CultureInfo.InvariantCulture))
            .Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            ?? throw new InvalidOperationException(
                "PostgreSQL is not installed: apt-get install postgresql, or set BOXOFFICE_POSTGRES_BIN.");
    }
}
