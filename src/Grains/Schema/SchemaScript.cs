using System.Globalization;
using System.Reflection;

namespace BoxOffice.Grains.Schema;

/// <summary>One step of a database's schema. Steps are only added; a released one is never edited.</summary>
/// <param name="Version">1, 2, 3 …</param>
/// <param name="Name">The file's name.</param>
/// <param name="Sql">The statements.</param>
internal sealed record SchemaScript(int Version, string Name, string Sql)
{
    /// <summary>The steps in one folder beside this file, in order.</summary>
    public static SchemaScript[] In(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => Load(assembly, name[(folder.Length + 1)..], name))];
    }

    /// <summary>
    /// The steps that a database at <paramref name="installed"/> lacks. Throws when it is newer than this program.
    /// </summary>
    public static SchemaScript[] Missing(SchemaScript[] all, int installed, string database) =>
        installed <= all.Length
            ? all[installed..]
            : throw new SchemaVersionException(
                $"{database} has schema version {installed}; this program knows {all.Length}. Run the newer program.");

    private static SchemaScript Load(Assembly assembly, string file, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return new(int.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture), file, reader.ReadToEnd());
    }
}
