using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using BoxOffice.Api.Telemetry;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Identity;

/// <summary>The outcome of verifying a password.</summary>
/// <param name="IsRight">Whether it is right.</param>
/// <param name="IsOutdated">Its hash should be replaced: fewer rounds than now, or not of the normal form.</param>
internal readonly record struct PasswordCheck(bool IsRight, bool IsOutdated = false);

/// <summary>
/// Hashes and verifies passwords on threads of its own, with a bounded queue: a login storm waits here and delays
/// nothing else. The threads have the lowest priority, so that it hardly slows a sale.
/// </summary>
/// <remarks>
/// A password that was verified (or chosen) is remembered for a time as a keyed hash in memory, so that a crowd that
/// shares one hash, or a member who logs in again, costs one hashing. Wrong passwords are never remembered: guessing
/// stays slow. The memory is the framework's cache, which removes expired entries and, when full, the least recently
/// used twentieth. In a storm of logins at half of what two cores can sell (bench/Measure -- peers --scenarios
/// hot-256,logins-storm, two starts of each) a sale took 5.0 and 5.2 ms in the median beside ordinary threads, which
/// did 8 logins a second, and 2.7 and 2.9 beside low-priority threads, which did 4 to 5. These run almost no managed
/// code, for which the garbage collector could have to wait: the hashing is one native call.
/// </remarks>
internal sealed class PasswordHashingQueue : IDisposable
{
    private readonly PasswordHasher<string> _hasher;
    private readonly PasswordWorkQueue _members;
    private readonly PasswordWorkQueue _operators;
    private readonly MemoryCache _right;
    private readonly TimeSpan _rememberedFor;
    private readonly int _queueMax;
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Task<PasswordCheck?>> _underWay = [];
    private readonly Lazy<string> _nobody;
    private readonly ApiMetrics? _metrics;

    /// <summary>Starts the workers.</summary>
    public PasswordHashingQueue(IOptions<ApiOptions> options, ApiMetrics? metrics = null)
    {
        _metrics = metrics;
        var limits = options.Value;
        _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = limits.PasswordIterations }));
        _nobody = new(() => _hasher.HashPassword("", Convert.ToHexString(RandomNumberGenerator.GetBytes(16))));
        _right = new(new MemoryCacheOptions { SizeLimit = limits.PasswordsRememberedMax });
        _rememberedFor = limits.PasswordsRememberedFor;
        _queueMax = limits.PasswordQueueMax;
        _members = new(_queueMax);
        _operators = new(_queueMax);
        for (var i = 0; i < (limits.PasswordWorkers ?? Math.Max(1, Environment.ProcessorCount / 2)); i++)
            StartWorker(_members);
        // A login storm of members must not keep operators out. The thread waits nearly always.
        StartWorker(_operators);
    }

    /// <summary>Passwords of members that wait.</summary>
    public int WaitingCount => _members.Length;

    /// <summary>True when a member can wait only instead of one who failed more often.</summary>
    public bool IsFullFor(PasswordCaller caller) => _members.LengthFor(caller) >= _queueMax;

    /// <summary>
    /// The hash of a new password; null when the queue is half full: sign-ups leave the other half to logins.
    /// </summary>
    /// <param name="password">The new one.</param>
    /// <param name="isLoggedIn">False to sign up.</param>
    public async Task<string?> HashAsync(string password, bool isLoggedIn = true)
    {
        var caller = new PasswordCaller(IsKnown: isLoggedIn);
        if (_members.LengthFor(caller) * 2 > _queueMax) return null;
        var work = Enqueue<string?>(caller, () => _hasher.HashPassword("", Nfkc.Normalize(password)));
        if (work is null || await work is not { } hash) return null;
        Remember(KeyOf(hash, password));
        return hash;
    }

    /// <summary>
    /// Whether the password is right; null when it cannot wait. Without a hash, for an unknown member, it does the
    /// same work and returns false.
    /// </summary>
    /// <param name="hash">The member's.</param>
    /// <param name="password">What is to be verified.</param>
    /// <param name="caller">Decides where it waits.</param>
    public async Task<PasswordCheck?> VerifyAsync(string? hash, string password, PasswordCaller caller = default)
    {
        var key = KeyOf(hash ?? "", password);
        if (_right.TryGetValue(key, out _)) return new(IsRight: true);
        Task<PasswordCheck?>? work;
        lock (_gate)
        {
            // Callers with the same hash and password share one verification.
            if (!_underWay.TryGetValue(key, out work))
            {
                work = Enqueue<PasswordCheck?>(caller, () => Verify(key, hash, password), Ended);
                if (work is null) return null;
                _underWay[key] = work;
            }
        }
        return await work;

        void Ended()
        {
            lock (_gate) _underWay.Remove(key);
        }
    }

    /// <summary>Ends the workers.</summary>
    public void Dispose()
    {
        _members.Dispose();
        _operators.Dispose();
        _right.Dispose();
    }

    private PasswordCheck Verify(string key, string? hash, string password)
    {
        var normal = Nfkc.Normalize(password);
        var verified = _hasher.VerifyHashedPassword("", hash ?? _nobody.Value, normal);
        var isOutdated = verified == PasswordVerificationResult.SuccessRehashNeeded;
        if (verified == PasswordVerificationResult.Failed && normal != password)
        {
            // hashed before passwords were normalized
            verified = _hasher.VerifyHashedPassword("", hash ?? _nobody.Value, password);
            isOutdated = true;
        }
        // An unknown member takes as long, and is never right.
        if (verified == PasswordVerificationResult.Failed || hash is null) return new(IsRight: false);
        Remember(key);
        return new(IsRight: true, isOutdated);
    }

    /// <summary>Null when the queue is full; the task's result is null when other work takes the place.</summary>
    private Task<T?>? Enqueue<T>(PasswordCaller caller, Func<T> work, Action? ended = null)
    {
        // Requests must not continue on a worker.
        var done = new TaskCompletionSource<T?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var since = Stopwatch.GetTimestamp();
        return (caller.IsOperator ? _operators : _members).TryAdd(caller, Run, Refuse) ? done.Task : null;

        void Run()
        {
            _metrics?.PasswordWaited(Stopwatch.GetElapsedTime(since));
            try
            {
                var result = work();
                ended?.Invoke();
                done.SetResult(result);
            }
            catch (Exception e)
            {
                ended?.Invoke();
                done.SetException(e);
            }
        }

        void Refuse()
        {
            ended?.Invoke();
            done.SetResult(default);
        }
    }

    private static void StartWorker(PasswordWorkQueue queue)
    {
        new Thread(Work) { Name = "passwords", IsBackground = true }.Start();

        void Work()
        {
            LowPriorityThread.GiveWay();
            queue.Run();
        }
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
