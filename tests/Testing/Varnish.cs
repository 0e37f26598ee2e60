using System.Diagnostics;

namespace BoxOffice.Testing;

/// <summary>Debian's Varnish with its built-in rules, in front of a front-end: a shared cache.</summary>
public sealed class Varnish : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("boxoffice-varnish-").FullName;
    private readonly Process _process;

    private Varnish(Uri behind)
    {
        var port = ProgramProcess.FreePort();
        Url = new($"http://127.0.0.1:{port}");
        _process = Process.Start(new ProcessStartInfo("/usr/sbin/varnishd",
        [
            "-F", "-j", "none", "-n", _directory, "-a", $"127.0.0.1:{port}", "-b", $"127.0.0.1:{behind.Port}",
            "-s", "malloc,16m",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => End();
    }

    /// <summary>The address of the cache.</summary>
    public Uri Url { get; }

    public static async Task<Varnish> StartAsync(Uri behind)
    {
        var cache = new Varnish(behind);
        await Wait.UntilAsync("varnish answers", async () =>
        {
            if (cache._process.HasExited) throw new InvalidOperationException("varnishd ended.");
            try
            {
                return (await new Client(cache.Url).GetAsync("/alive")).Status == System.Net.HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        return cache;
    }

    public async ValueTask DisposeAsync()
    {
        End();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void End()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }
}
