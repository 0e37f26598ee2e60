using System.Globalization;
using BoxOffice.Grains.Schema;
using BoxOffice.Testing;
using Npgsql;

namespace BoxOffice.Cluster.Tests;

/// <summary>Starts of single programs, for the tests of startup checks.</summary>
internal static class Startup
{
    private const string TemporaryPrefix = "boxoffice-startup-";

    /// <summary>Starts a program, and checks that it ends with an error and one line that contains the text.</summary>
    public static async Task AssertRefusesAsync(
        string program, string expected, params (string Key, string Value)[] settings)
    {
        var environment = EmbeddedIn("");
        environment.Remove("BoxOffice__DataDirectory");
        foreach (var (key, value) in settings) environment[key] = value;
        await using var process = ProgramProcess.Start(program, environment);

        await process.ExitAsync();

        Assert.Contains(expected, process.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Single(process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(1, process.ExitCode);
        foreach (var (key, value) in settings)
        {
            var isTemporary = key == "BoxOffice__DataDirectory"
                && Path.GetFileName(value).StartsWith(TemporaryPrefix, StringComparison.Ordinal);
            if (isTemporary) Directory.Delete(value, recursive: true);
        }
    }

    /// <summary>Starts a silo (<c>Silo</c>) or a front-end (<c>Api</c>) on this database.</summary>
    public static ProgramProcess ProgramOf(string program, string database)
    {
        var settings = EmbeddedIn("");
        settings.Remove("BoxOffice__DataDirectory");
        settings["ConnectionStrings__boxoffice"] = database;
        settings["BoxOffice__TokenKey"] = BoxOfficeHost.TokenKey;
        settings["BoxOffice__OperatorPassword"] = BoxOfficeHost.OperatorPassword;
        return ProgramProcess.Start(program, settings, program == "Api" ? ["--urls", "http://127.0.0.1:0"] : []);
    }

    /// <summary>The settings of an embedded server with its store in this folder.</summary>
    public static Dictionary<string, string> EmbeddedIn(string directory) => new()
    {
        ["BoxOffice__DataDirectory"] = directory,
        ["BoxOffice__SiloPort"] = ProgramProcess.FreePort().ToString(CultureInfo.InvariantCulture),
        ["BoxOffice__GatewayPort"] = ProgramProcess.FreePort().ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Installs the schema.</summary>
    public static async Task InstallAsync(string connectionString)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await PostgresSchema.InstallAsync(database);
    }

    /// <summary>Returns the first column of the first row.</summary>
    public static async Task<T> AskAsync<T>(string connectionString, string sql)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Executes statements.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The name of the database.</summary>
    public static string NameOf(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString).Database!;

    /// <summary>Creates a temporary folder.</summary>
    public static string NewDirectory() => Directory.CreateTempSubdirectory(TemporaryPrefix).FullName;
}
