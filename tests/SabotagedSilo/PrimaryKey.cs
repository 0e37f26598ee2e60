using BoxOffice.Grains;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace BoxOffice.SabotagedSilo;

/// <summary>The fence between two owners, which is in the database and not in the program.</summary>
internal static class PrimaryKey
{
    /// <summary>Drops it in the database that the silo will use. The schema must be installed.</summary>
    public static async Task DropAsync(IHost silo)
    {
        var configuration = silo.Services.GetRequiredService<IConfiguration>();
        await using var database = NpgsqlDataSource.Create(
            configuration.GetConnectionString(BoxOfficeOptions.ConnectionStringName)!);
        await using var drop = database.CreateCommand(
            "ALTER TABLE reservation_journal DROP CONSTRAINT IF EXISTS reservation_journal_pkey CASCADE");
        await drop.ExecuteNonQueryAsync();
    }
}
