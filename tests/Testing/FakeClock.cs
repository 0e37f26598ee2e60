using System.Globalization;

namespace BoxOffice.Testing;

/// <summary>
/// A wall clock that a test sets, for processes that are started with its <see cref="Environment"/> (libfaketime). Their monotonic clocks are
/// the machine's.
/// </summary>
public sealed class FakeClock : IDisposable
{
    // Not in a folder of its own: PostgreSQL runs as another user, who must be able to read it.
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"boxoffice-clock-{Guid.NewGuid():N}");

    public FakeClock() => Set(TimeSpan.Zero);

    /// <summary>What a process needs that shall have this clock.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library(),
        ["FAKETIME_TIMESTAMP_FILE"] = _file,
        ["FAKETIME_NO_CACHE"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
    };

    /// <summary>The same, as settings of a host.</summary>
    public (string Key, string Value)[] Settings => [.. Environment.Select(one => (one.Key, one.Value))];

    /// <summary>Sets it: by so much it is ahead of the machine's from now on.</summary>
    public void Set(TimeSpan ahead)
    {
        // At once, so that no process reads half of it.
        var next = _file + ".next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{ahead.TotalSeconds:+0.000;-0.000;+0}\n"));
        File.Move(next, _file, overwrite: true);
    }

    public void Dispose() => File.Delete(_file);

    private static string Library() =>
        Directory.GetDirectories("/usr/lib").Append("/usr/lib").Select(folder => Path.Combine(folder, "faketime", "libfaketime.so.1")).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("libfaketime is not installed: apt-get install faketime.");
}
