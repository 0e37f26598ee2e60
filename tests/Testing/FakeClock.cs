using System.Globalization;

namespace BoxOffice.Testing;

/// <summary>
/// A wall clock that a test sets, for processes that are started with its <see cref="Settings"/> (libfaketime).
/// Their monotonic clocks are the machine's.
/// </summary>
public sealed class FakeClock : IDisposable
{
    private const string LibraryName = "libfaketime.so.1";

    // Not in a private temporary folder: PostgreSQL runs as another user and must read the file.
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"boxoffice-clock-{Guid.NewGuid():N}");

    public FakeClock() => Set(TimeSpan.Zero);

    /// <summary>The environment variables that give a process this clock.</summary>
    public (string Key, string Value)[] Settings =>
    [
        ("LD_PRELOAD", Library()),
        ("FAKETIME_TIMESTAMP_FILE", _file),
        ("FAKETIME_NO_CACHE", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        // with the fix, waits cost so much that .NET starts in half a minute instead of 3 s
        ("FAKETIME_FORCE_MONOTONIC_FIX", "0"),
    ];

    /// <summary>Sets the clock to this much ahead of the machine's.</summary>
    public void Set(TimeSpan ahead)
    {
        // A rename replaces the file atomically: no process reads half of it.
        var next = _file + ".next";
        File.WriteAllText(
            next, string.Create(CultureInfo.InvariantCulture, $"{ahead.TotalSeconds:+0.000;-0.000;+0}\n"));
        File.Move(next, _file, overwrite: true);
    }

    /// <summary>
    /// True when a process has loaded the library. It then has this clock, if it was started with
    /// <see cref="Settings"/>.
    /// </summary>
    public static bool IsUsedBy(int processId) =>
        File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/maps"))
            .Contains(LibraryName, StringComparison.Ordinal);

    public void Dispose() => File.Delete(_file);

    private static string Library() =>
        Directory.GetDirectories("/usr/lib").Append("/usr/lib")
            .Select(folder => Path.Combine(folder, "faketime", LibraryName)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("libfaketime is not installed: apt-get install faketime.");
}
