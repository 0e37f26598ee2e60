using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using BoxOffice.Api.Telemetry;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Identity;

/// <summary>
/// Hashes and verifies passwords on threads of its own, with a bounded queue: a login storm waits here, and only here. The
/// threads give way to all others, so that a sale is hardly slower for it.
/// </summary>
/// <remarks>
/// A password that was just verified (or just chosen) is remembered as a keyed hash in memory, so that a crowd that shares
/// one hash, or a member who logs in again, costs one hashing. Wrong passwords are never remembered: guessing stays slow.
/// In a storm of logins at half of what two cores can sell (bench/Measure -- peers --scenarios hot-256,logins-storm, two starts of
/// each) a sale took 5.0 and 5.2 ms in the median beside ordinary threads, which did 8 logins a second, and 2.7 and 2.9 beside
/// threads that give way, which did 4 to 5. What such a thread does in managed code, which could keep the
/// garbage collector waiting, is next to nothing: the hashing is one native call.
/// </remarks>
internal sealed class PasswordHashingQueue : IDisposable
{
    private readonly PasswordHasher<string> _hasher;
    private readonly Channel<Action> _queue;
    private readonly MemoryCache _right;
    private readonly TimeSpan _rememberedFor;
    private readonly int _queueMax;
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<bool>> _underWay = [];
    private readonly Lazy<string> _nobody;
    private readonly ApiMetrics? _metrics;

    /// <summary>Starts the workers.</summary>
    public PasswordHashingQueue(IOptions<ApiOptions> options, ApiMetrics? metrics = null)
    {
        _metrics = metrics;
        var lane = options.Value;
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = lane.PasswordIterations }));
        _nobody = new(() => _hasher.HashPassword("", Convert.ToHexString(RandomNumberGenerator.GetBytes(16))));
        _right = new(new MemoryCacheOptions { SizeLimit = lane.PasswordsRememberedMax });
        _rememberedFor = lane.PasswordsRememberedFor;
        _queueMax = lane.PasswordQueueMax;
        _queue = Channel.CreateBounded<Action>(_queueMax);
        for (var i = 0; i < (lane.PasswordWorkers ?? Math.Max(1, Environment.ProcessorCount / 2)); i++)
            new Thread(Work) { Name = "passwords", IsBackground = true }.Start();
    }

    /// <summary>Passwords that wait.</summary>
    public int WaitingCount => _queue.Reader.Count;

    /// <summary>True when no password can wait: asking anybody anything for it would be in vain.</summary>
    public bool IsFull => WaitingCount >= _queueMax;

    /// <summary>
    /// The hash of a new password; null when the queue is half full: whoever signs up leaves the other half to logins.
    /// </summary>
    public async Task<string?> HashAsync(string password)
    {
        if (WaitingCount * 2 > _queueMax) return null;
        if (Enqueue(() => _hasher.HashPassword("", password)) is not { } work) return null;
        var hash = await work;
        Remember(KeyOf(hash, password));
        return hash;
    }

    /// <summary>
    /// Whether the password is right; null when the queue is full. Without a hash, for an unknown member, it does the same
    /// work and says no.
    /// </summary>
    public async Task<bool?> VerifyAsync(string? hash, string password)
    {
        var key = KeyOf(hash ?? "", password);
        if (_right.TryGetValue(key, out _)) return true;
        Task<bool>? work;
        lock (_gate)
        {
            // Many who wait for the same hash and password wait for one worker.
            if (!_underWay.TryGetValue(key, out work))
            {
                work = Enqueue(() => Verify(key, hash, password));
                if (work is null) return null;
                _underWay[key] = work;
            }
        }
        return await work;
    }

    /// <summary>Ends the workers.</summary>
    public void Dispose()
    {
        _queue.Writer.TryComplete();
        _right.Dispose();
    }

    private bool Verify(string key, string? hash, string password)
    {
        try
        {
            var matches = _hasher.VerifyHashedPassword("", hash ?? _nobody.Value, password) != PasswordVerificationResult.Failed;
            var isRight = matches && hash is not null; // an unknown member takes as long, and is never right
            if (isRight) Remember(key);
            return isRight;
        }
        finally
        {
            lock (_gate) _underWay.Remove(key);
        }
    }

    private Task<T>? Enqueue<T>(Func<T> work)
    {
        // Asynchronous: requests do not continue on a worker.
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var since = Stopwatch.GetTimestamp();
        return _queue.Writer.TryWrite(() =>
        {
            _metrics?.PasswordWaited(Stopwatch.GetElapsedTime(since));
            try
            {
                done.SetResult(work());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }) ? done.Task : null;
    }

    private void Work()
    {
        LowPriorityThread.GiveWay();
        foreach (var work in _queue.Reader.ReadAllAsync().ToBlockingEnumerable()) work();
    }

    private string KeyOf(string hash, string password) =>
        Convert.ToBase64String(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{hash}\n{password}")));

    private void Remember(string key)
    {
        using var entry = _right.CreateEntry(key);
        entry.Value = true;
        entry.Size = 1;
        entry.AbsoluteExpirationRelativeToNow = _rememberedFor;
    }
}
