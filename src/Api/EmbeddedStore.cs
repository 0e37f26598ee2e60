using System.Security.Cryptography;
using BoxOffice.Grains;

namespace BoxOffice.Api;

/// <summary>The folder of the embedded form: locked by one process, with the key that signs its tokens.</summary>
internal sealed class EmbeddedStore : IDisposable
{
    private readonly FileStream _lock;

    private EmbeddedStore(string directory, FileStream held, string tokenKey) =>
        (Directory, _lock, TokenKey) = (directory, held, tokenKey);

    /// <summary>The folder's full path.</summary>
    public string Directory { get; }

    /// <summary>The key kept here; made at the first start, readable only by the user who runs the program.</summary>
    public string TokenKey { get; }

    /// <summary>Takes the folder for this process.</summary>
    /// <exception cref="StartupException">Another process has it, or it cannot be written.</exception>
    public static EmbeddedStore Open(string path)
    {
        var directory = Path.GetFullPath(path);
        try
        {
            // Passwords' hashes and the token key are here: nobody else on the machine needs to read them.
            if (OperatingSystem.IsWindows()) System.IO.Directory.CreateDirectory(directory);
            else System.IO.Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var held = new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new(directory, held, ReadOrMakeKey(Path.Combine(directory, "token.key")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The store {directory} cannot be used: {e.Message} Is another BoxOffice running? Set BoxOffice__DataDirectory.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static string ReadOrMakeKey(string file)
    {
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } kept) return kept;
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(48));
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        using var writer = new StreamWriter(stream);
        writer.WriteLine(key);
        return key;
    }
}
