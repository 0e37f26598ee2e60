namespace BoxOffice.Grains.Schema;

/// <summary>Files and folders that only the program's user may read, also when they existed before.</summary>
public static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens a file. A new one is unreadable for others from its creation on.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share = FileShare.ReadWrite)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
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

    /// <summary>
    /// Creates a folder that others may not enter, or removes their permissions from an existing one. A folder with
    /// anything else in it than these files stays as it is, for it is not only the program's: its files are private.
    /// </summary>
    public static void ProtectFolder(string path, Func<string, bool> isOwnFile)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }
        const UnixFileMode Owners = OwnerOnly | UnixFileMode.UserExecute;
        Directory.CreateDirectory(path, Owners);
        var mode = File.GetUnixFileMode(path);
        if ((mode & Owners) == mode || !Directory.EnumerateFileSystemEntries(path).All(IsOwn)) return;
        try
        {
            File.SetUnixFileMode(path, mode & Owners);
        }
        catch (UnauthorizedAccessException)
        {
            // another user's folder, which this one may write
        }

        bool IsOwn(string entry) => isOwnFile(Path.GetFileName(entry));
    }
}
