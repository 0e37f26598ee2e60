using System.ComponentModel.DataAnnotations;
using System.Net;
using BoxOffice.Grains.Clocks;
using BoxOffice.Grains.Schema;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace BoxOffice.Grains;

/// <summary>Reads and checks what both hosts need before they start. Every failure is a <see cref="StartupException"/>.</summary>
public static class StartupConfiguration
{
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
            throw new StartupException($"Configuration: {section}:{errors[0].MemberNames.FirstOrDefault()}: {errors[0].ErrorMessage}");
        return options;
    }

    /// <summary>Checks what attributes cannot say.</summary>
    public static BoxOfficeOptions ReadBoxOffice(IConfiguration configuration)
    {
        var options = Read<BoxOfficeOptions>(configuration, BoxOfficeOptions.Section);
        if (!IPAddress.TryParse(options.AdvertisedAddress, out _))
            throw new StartupException($"Configuration: BoxOffice:AdvertisedAddress must be an IP address, not '{options.AdvertisedAddress}'.");
        return options;
    }

    /// <summary>
    /// Waits for PostgreSQL, installs the schema, and refuses a database that could lose what it confirmed or that does not
    /// let this program work. Gives up after <paramref name="patience"/>.
    /// </summary>
    /// <returns>The cluster's clock.</returns>
    public static async Task<SaleClock> PrepareDatabaseAsync(
        string connectionString, BoxOfficeOptions options, bool isSilo, TimeSpan patience, TimeProvider time)
    {
        var start = time.GetTimestamp();
        await using var database = CreateDataSource(connectionString);
        while (true)
        {
            try
            {
                await PostgresSchema.InstallAsync(database);
                await CheckAsync(database, options, isSilo);
                await using var source = new DatabaseClock(database);
                return new(await source.ReadFirstAsync(), options.ClockStepBelievedAfter, TimeProvider.System);
            }
            catch (SchemaVersionException e)
            {
                throw new StartupException(e.Message, e);
            }
            catch (PostgresException e) when (!e.IsTransient)
            {
                throw new StartupException($"PostgreSQL refuses: {e.MessageText} ({e.SqlState}). Check ConnectionStrings__boxoffice.", e);
            }
            catch (NpgsqlException e) when (time.GetElapsedTime(start) > patience)
            {
                throw new StartupException($"PostgreSQL cannot be reached: {e.Message}. Check ConnectionStrings__boxoffice.", e);
            }
            catch (NpgsqlException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), time); // a database that starts beside us
            }
        }
    }

    private static async Task CheckAsync(NpgsqlDataSource database, BoxOfficeOptions options, bool isSilo)
    {
        if (await PostgresChecks.MissingRightsAsync(database, isSilo) is { } missing)
            throw new StartupException($"PostgreSQL refuses: {missing}. eng/database-roles.sql shows what each program needs.");
        if (!options.AllowUnsafeDatabase && await PostgresChecks.UnsafeSettingsAsync(database) is { } unsafeSettings)
        {
            throw new StartupException(
                $"PostgreSQL may lose what it has confirmed: {unsafeSettings}. Correct it, or set BoxOffice__AllowUnsafeDatabase=true to accept that.");
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
            throw new StartupException($"ConnectionStrings__boxoffice is not a PostgreSQL connection string: {e.Message}", e);
        }
    }
}
