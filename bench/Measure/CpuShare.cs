namespace BoxOffice.Measure;

/// <summary>
/// A control group whose processes together may use a fixed share of one core, also when cores are idle. Supports both
/// versions of control groups. Needs root.
/// </summary>
internal sealed class CpuShare : IDisposable
{
    private const int PeriodMicroseconds = 10_000; // short: a share is then a slow core, and not one that pauses
    private const string Version1 = "/sys/fs/cgroup/cpu";
    private const string Version2 = "/sys/fs/cgroup";

    private static int _groups;

    private readonly string _folder;
    private readonly bool _isVersion1 = Directory.Exists(Version1);

    /// <summary>Creates an empty group.</summary>
    /// <exception cref="PlatformNotSupportedException">This machine does not allow it.</exception>
    public CpuShare(int percent)
    {
        var name = $"boxoffice-{Environment.ProcessId}-{Interlocked.Increment(ref _groups)}";
        _folder = Path.Combine(_isVersion1 ? Version1 : Version2, name);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
        try
        {
            if (!_isVersion1) File.WriteAllText(Path.Combine(Version2, "cgroup.subtree_control"), "+cpu");
            Directory.CreateDirectory(_folder);
            Limit(PeriodMicroseconds * percent / 100);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw new PlatformNotSupportedException(
                $"A share of a core needs root, and the cpu controller of control groups at {Version1} (version 1) or "
                + $"{Version2} (version 2): {e.Message}", e);
        }
    }

    /// <summary>Limits a process to the share.</summary>
    public void Confine(int processId) => File.WriteAllText(Path.Combine(_folder, "cgroup.procs"), $"{processId}");

    /// <summary>Ends the limit. The processes stay in the group.</summary>
    public void Lift() => Limit(null);

    /// <summary>Removes the group. Its processes must have ended, or be about to end.</summary>
    public void Dispose()
    {
        for (var attempt = 0; Directory.Exists(_folder) && attempt < 100; attempt++)
        {
            try
            {
                Directory.Delete(_folder);
            }
            catch (IOException)
            {
                Thread.Sleep(50); // a killed process is a member until it is gone
            }
        }
    }

    private void Limit(int? quotaMicroseconds)
    {
        if (_isVersion1)
        {
            Write("cpu.cfs_period_us", $"{PeriodMicroseconds}");
            Write("cpu.cfs_quota_us", $"{quotaMicroseconds ?? -1}");
        }
        else
        {
            Write("cpu.max", $"{quotaMicroseconds?.ToString() ?? "max"} {PeriodMicroseconds}");
        }
    }

    // The files of a control group exist: FileMode.Open fails where this is none.
    private void Write(string file, string value)
    {
        using var writer = new StreamWriter(
            new FileStream(Path.Combine(_folder, file), FileMode.Open, FileAccess.Write));
        writer.Write(value);
    }
}
