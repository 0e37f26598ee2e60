namespace BoxOffice.Grains.Schema;

/// <summary>Files that only the user who runs the program may read, whatever the folder allows.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens a file, and makes it unreadable for others from its first moment on when it is new.</summary>
    public static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new(path, options);
    }

    /// <summary>Takes away what others may do with an existing file, and leaves what its owner may.</summary>
    public static void Protect(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path)) return;
        var mode = File.GetUnixFileMode(path);
        var tight = mode & (OwnerOnly | UnixFileMode.UserExecute);
        if (tight != mode) File.SetUnixFileMode(path, tight);
    }
}
