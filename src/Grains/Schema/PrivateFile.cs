namespace BoxOffice.Grains.Schema;

/// <summary>Files that only the program's user may read, regardless of the folder's permissions.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens a file. A new one is unreadable for others from its creation on.</summary>
    public static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new(path, options);
    }

    /// <summary>Removes the permissions of others on an existing file, and keeps its owner's.</summary>
    public static void Protect(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path)) return;
        var mode = File.GetUnixFileMode(path);
        var tight = mode & (OwnerOnly | UnixFileMode.UserExecute);
        if (tight != mode) File.SetUnixFileMode(path, tight);
    }
}
