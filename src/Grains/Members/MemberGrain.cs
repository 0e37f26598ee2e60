using Microsoft.Extensions.Options;

namespace BoxOffice.Grains.Members;

/// <summary>One account: its password's hash, and its failed logins.</summary>
[GrainType("member")]
public sealed class MemberGrain(
    [PersistentState("member", MemberGrain.Storage)] IPersistentState<MemberRecord> record,
    IOptions<BoxOfficeOptions> options,
    TimeProvider time) : Grain, IMemberGrain
{
    /// <summary>Name of the storage for members and cohorts.</summary>
    public const string Storage = "members";

    private readonly LoginThrottle _throttle = new(options.Value);

    private string MemberId => this.GetPrimaryKeyString()[MemberKey.Prefix.Length..];

    /// <inheritdoc/>
    public async Task<SignUpStatus> SignUp(string passwordHash, MemberRole role)
    {
        if (record.RecordExists || await CohortHashAsync() is not null) return SignUpStatus.MemberExists;
        await StoreAsync(passwordHash, role);
        return SignUpStatus.SignedUp;
    }

    /// <inheritdoc/>
    public async Task<LoginAttempt> BeginLogin(string address)
    {
        var hash = record.RecordExists ? record.State.PasswordHash : await CohortHashAsync();
        var role = record.RecordExists ? record.State.Role : MemberRole.Member;
        return new(hash, role, _throttle.Begin(address, time.GetUtcNow()));
    }

    /// <inheritdoc/>
    public Task EndLogin(string address, bool succeeded)
    {
        if (succeeded) _throttle.Succeeded(address);
        else _throttle.Failed(address, time.GetUtcNow());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task ChangePassword(string passwordHash, MemberRole role) => StoreAsync(passwordHash, role);

    /// <inheritdoc/>
    public Task<bool> HasSignedUp() => Task.FromResult(record.RecordExists);

    private Task<string?> CohortHashAsync() => GrainFactory.GetGrain<ICohortGrain>(0).PasswordHashOf(MemberId);

    private async Task StoreAsync(string passwordHash, MemberRole role)
    {
        record.State = new() { PasswordHash = passwordHash, Role = role };
        try
        {
            await record.WriteStateAsync();
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
    /// <summary>The password's hash, in the form of ASP.NET Core's PasswordHasher.</summary>
    public string PasswordHash { get; set; } = "";

    /// <summary>What the member may do.</summary>
    public MemberRole Role { get; set; } = MemberRole.Member;
}
