using Microsoft.Extensions.Options;

namespace BoxOffice.Grains.Members;

/// <summary>One account: its password's hash, the generation of its tokens, and its failed logins.</summary>
[GrainType("member")]
public sealed class MemberGrain : Grain, IMemberGrain
{
    /// <summary>Name of the storage for members and cohorts.</summary>
    public const string Storage = "members";

    // No token lives longer: ApiOptions.TokenLifetime is at most seven days, and clocks may differ.
    private static readonly TimeSpan TokenLifetimeMax = TimeSpan.FromDays(7) + TimeSpan.FromMinutes(5);

    private readonly IPersistentState<MemberRecord> _record;
    private readonly TimeProvider _time;
    private readonly LoginThrottle _throttle;

    /// <summary>Uses the stored record.</summary>
    public MemberGrain(
        [PersistentState("member", Storage)] IPersistentState<MemberRecord> record,
        IOptions<BoxOfficeOptions> options,
        TimeProvider time) =>
        (_record, _time, _throttle) = (record, time, new(options.Value));

    private string MemberId => this.GetPrimaryKeyString()[MemberKey.Prefix.Length..];

    // A member of a cohort has a record without a password once its tokens were revoked.
    private bool IsSignedUp => _record.RecordExists && _record.State.PasswordHash.Length > 0;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (_record.RecordExists) _throttle.Recall(_record.State.KnownAddresses);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<SignUpStatus> SignUp(string passwordHash, MemberRole role)
    {
        if (IsSignedUp || await CohortHashAsync() is not null) return SignUpStatus.MemberExists;
        await StoreAsync(passwordHash, role);
        return SignUpStatus.SignedUp;
    }

    /// <inheritdoc/>
    public async Task<LoginAttempt> BeginLogin(string address)
    {
        var hash = IsSignedUp ? _record.State.PasswordHash : await CohortHashAsync();
        var now = _time.GetUtcNow();
        var wait = _throttle.Begin(address, now);
        return new(
            hash is "" ? null : hash, // a cohort without a password
            IsSignedUp ? _record.State.Role : MemberRole.Member,
            wait, IsSignedUp, _record.State.Generation, _throttle.IsKnown(address),
            _throttle.FailuresInAttack(address, now));
    }

    /// <inheritdoc/>
    public async Task EndLogin(string address, bool succeeded)
    {
        if (!succeeded) _throttle.Failed(address, _time.GetUtcNow());
        else if (_throttle.Succeeded(address) && IsSignedUp)
        {
            // Cohorts' members are not stored: they are for load tests.
            _record.State.KnownAddresses = [.. _throttle.Known];
            await WriteAsync();
        }
    }

    /// <inheritdoc/>
    public async Task ChangePassword(string passwordHash, MemberRole role)
    {
        var isNew = !IsSignedUp;
        await StoreAsync(passwordHash, role);
        if (!isNew) await EndSessions();
    }

    /// <inheritdoc/>
    public async Task<int?> ReplacePassword(string oldHash, string newHash, bool endsSessions)
    {
        // A repeated call finds the new one, whose salt no other call has.
        var present = _record.State.PasswordHash;
        if (!IsSignedUp || (present != oldHash && present != newHash)) return null;
        if (present != newHash) await StoreAsync(newHash, _record.State.Role);
        return endsSessions ? await EndSessions() : _record.State.Generation;
    }

    /// <inheritdoc/>
    public async Task<int?> EndSessions()
    {
        if (!IsSignedUp && await CohortHashAsync() is null) return null;
        _record.State.Generation++;
        await WriteAsync();
        var status = await GrainFactory.GetGrain<IRevocationsGrain>(0).Add(
            new(MemberId, Token: null, _record.State.Generation, _time.GetUtcNow() + TokenLifetimeMax));
        return status == RevocationStatus.Stored
            ? _record.State.Generation
            : throw new BusyException("No more revocations can be stored: BoxOffice__RevocationsMax.");
    }

    /// <inheritdoc/>
    public Task<bool> HasSignedUp()
    {
        // Ids that nobody uses need not stay in memory, unless someone guesses at them.
        if (!_record.RecordExists && _throttle.IsEmpty) DeactivateOnIdle();
        return Task.FromResult(IsSignedUp);
    }

    private Task<string?> CohortHashAsync() => GrainFactory.GetGrain<ICohortGrain>(0).PasswordHashOf(MemberId);

    private Task StoreAsync(string passwordHash, MemberRole role)
    {
        (_record.State.PasswordHash, _record.State.Role) = (passwordHash, role);
        return WriteAsync();
    }

    private async Task WriteAsync()
    {
        try
        {
            await _record.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle(); // memory is ahead of the store: forget it
            throw;
        }
    }
}

/// <summary>What is stored of a member.</summary>
public sealed class MemberRecord
{
    /// <summary>
    /// The password's hash, in the form of ASP.NET Core's PasswordHasher; empty for a member of a cohort.
    /// </summary>
    public string PasswordHash { get; set; } = "";

    /// <summary>What the member may do.</summary>
    public MemberRole Role { get; set; } = MemberRole.Member;

    /// <summary>How often all tokens of the member were revoked. Tokens say of which generation they are.</summary>
    public int Generation { get; set; }

    /// <summary>Digests of the addresses from which the member logged in last, the newest at the end.</summary>
    public string[] KnownAddresses { get; set; } = [];
}
