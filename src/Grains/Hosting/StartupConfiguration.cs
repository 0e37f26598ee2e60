using System.ComponentModel.DataAnnotations;
using System.Net;
using BoxOffice.Grains.Clocks;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Schema;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace BoxOffice.Grains.Hosting;

/// <summary>
/// Reads and checks the configuration of both hosts before they start. Every failure is a <see
/// cref="StartupException"/>.
/// </summary>
public static class StartupConfiguration
{
    // between two attempts at a database that is not ready
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Binds a section to an options class and checks its bounds.</summary>
    public static T Read<T>(IConfiguration configuration, string section) where T : class, new()
    {
        var options = new T();
        try
        {
            configuration.GetSection(section).Bind(options);
        }
        catch (InvalidOperationException e)
        {
            throw new StartupException($"Configuration: {e.Message}", e);
        }
        var errors = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new(options), errors, validateAllProperties: true))
            throw new StartupException(
                $"Configuration: {section}:{errors[0].MemberNames.FirstOrDefault()}: {errors[0].ErrorMessage}");
        return options;
    }

    /// <summary>Checks what attributes cannot express.</summary>
    public static BoxOfficeOptions ReadBoxOffice(IConfiguration configuration)
    {
        var options = Read<BoxOfficeOptions>(configuration, BoxOfficeOptions.Section);
        if (!IPAddress.TryParse(options.AdvertisedAddress, out _))
            throw new StartupException(
                "Configuration: BoxOffice:AdvertisedAddress must be an IP address, not "
                + $"'{options.AdvertisedAddress}'.");
        return options;
    }

    /// <summary>
    /// Waits until PostgreSQL can be used (<see cref="StartupWait"/>), installs the schema, and refuses a database that
    /// could lose what it confirmed or that does not let this program work; a standby after <paramref
    /// name="patience"/>.
    /// </summary>
    /// <returns>The cluster's clock, and the generation of a silo that starts now.</returns>
    public static async Task<(SaleClock Clock, int Generation)> PrepareDatabaseAsync(
        string connectionString,
        BoxOfficeOptions options,
        bool isSilo,
        StartupWarnings warnings,
        TimeSpan patience,
        TimeProvider time)
    {
        var (start, wait) = (time.GetTimestamp(), new StartupWait(time));
        await using var database = CreateDataSource(connectionString);
        while (true)
        {
            try
            {
                var readOnly = await PostgresChecks.ReadOnlyAsync(database);
                if (readOnly is { IsStandby: true } && time.GetElapsedTime(start) <= patience)
                {
                    await Task.Delay(Pause, time); // it may be promoted soon
                    continue;
                }
                if (readOnly is { Reason: var reason })
                    throw new StartupException(
                        $"PostgreSQL cannot be written: {reason}. Point ConnectionStrings__boxoffice at the primary.");
                // A silo writes at once, to join its cluster: Orleans would end the process when that does not succeed.
                if (isSilo) await PostgresProbe.WriteAsync(database, isThorough: false);
                await PostgresSchema.InstallAsync(database);
                await CheckAsync(database, options, isSilo);
                await WarnAsync(database, options, isSilo, warnings);
                await using var source = new DatabaseClock(database);
                var clock = new SaleClock(
                    await source.ReadFirstAsync(TimeProvider.System), options.ClockStepBelievedAfter,
                    TimeProvider.System);
                var latest = await PostgresConnections.GenerationAsync(database, options);
                return (clock, LocalSilo.NextGeneration(latest, clock.GetUtcNow()));
            }
            catch (SchemaVersionException e)
            {
                throw new StartupException(e.Message, e);
            }
            catch (PostgresException e) when (!StartupWait.MayHelp(e))
            {
                throw new StartupException(
                    $"PostgreSQL refuses: {e.MessageText} ({e.SqlState}). Check ConnectionStrings__boxoffice.", e);
            }
            catch (Exception e) when (StartupWait.MayHelp(e))
            {
                await wait.AfterAsync(e);
            }
        }
    }

    private static async Task CheckAsync(NpgsqlDataSource database, BoxOfficeOptions options, bool isSilo)
    {
        if (await PostgresChecks.MissingRightsAsync(database, isSilo) is { } missing)
            throw new StartupException(
                $"PostgreSQL refuses: {missing}. eng/database-roles.sql shows what each program needs.");
        if (await PostgresConnections.PoolerAsync(database) is { } pooler)
        {
            throw new StartupException(
                $"PostgreSQL is reached through a pooler that cannot be used: {pooler}. Use pool_mode=session, or no "
                + "pooler: every process keeps few connections.");
        }
        var allowed = await PostgresConnections.AllowedAsync(database);
        var needed = SiloRegistration.ConnectionsMax(options, isSilo);
        if (allowed < needed)
        {
            throw new StartupException(
                $"PostgreSQL allows {allowed} connections, and this process takes up to {needed}. "
                + "Raise max_connections, or the role's or database's CONNECTION LIMIT.");
        }
        if (!options.AllowUnsafeDatabase && await PostgresChecks.UnsafeSettingsAsync(database) is { } unsafeSettings)
        {
            throw new StartupException(
                $"PostgreSQL may lose what it has confirmed: {unsafeSettings}. Correct it, or set "
                + "BoxOffice__AllowUnsafeDatabase=true to accept that.");
        }
    }

    /// <summary>Warns of settings that do not prevent a start, but that an operator should know.</summary>
    private static async Task WarnAsync(
        NpgsqlDataSource database, BoxOfficeOptions options, bool isSilo, StartupWarnings warnings)
    {
        // A warning only: checksums matter when a disk changes pages, and enabling them needs the server to be stopped,
        // for which a sale must not wait.
        if (!await PostgresChecks.HasChecksumsAsync(database))
        {
            warnings.Add(
                "PostgreSQL has no data checksums: pages that its disk changes are not noticed, and tickets could be "
                + "sold again. Stop the server and run pg_checksums --enable.");
        }
        var silos = await PostgresConnections.OtherSilosAsync(database, options) + (isSilo ? 1 : 0);
        var needed = (silos * SiloRegistration.ConnectionsMax(options, isSilo: true))
            + SiloRegistration.ConnectionsMax(options, isSilo: false);
        if (await PostgresConnections.AllowedAsync(database) is var allowed && allowed < needed)
        {
            warnings.Add(
                $"PostgreSQL allows {allowed} connections, and {silos} silos with one front-end take up to {needed}: "
                + "in a rush some would be refused. Raise max_connections.");
        }
    }

    private static NpgsqlDataSource CreateDataSource(string connectionString)
    {
        try
        {
            return NpgsqlDataSource.Create(connectionString);
        }
        catch (ArgumentException e)
        {
            throw new StartupException(
                $"ConnectionStrings__boxoffice is not a PostgreSQL connection string: {e.Message}", e);
        }
    }
}
