using System.Net;
using System.Text;
using System.Text.Json;
using BoxOffice.Testing;
using Microsoft.Data.Sqlite;

namespace BoxOffice.Api.Tests;

/// <summary>Reads rehearsals and their traces.</summary>
internal static class Rehearsals
{
    public static (string Name, string Value) Basic { get; } =
        ("Authorization",
            "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"operator:{BoxOfficeHost.OperatorPassword}")));

    public static Task RunningAsync(Client boss, string path) => Wait.UntilAsync("the crowd buys", async () =>
    {
        var rehearsal = (await boss.GetAsync(path)).Data;
        Assert.True(Text(rehearsal, "state") is "PREPARING" or "RUNNING", rehearsal.GetRawText());
        return Text(rehearsal, "state") == "RUNNING" && Number(rehearsal.GetProperty("progress"), "accepted") > 0;
    });

    public static async Task<JsonElement> EndedAsync(Client boss, Reply begun)
    {
        Assert.Equal(HttpStatusCode.Accepted, begun.Status);
        JsonElement rehearsal = default;
        await Wait.UntilAsync("the rehearsal ends", async () =>
        {
            rehearsal = (await boss.GetAsync(begun.Header("Location")!)).Data;
            return Text(rehearsal, "state") is "DONE" or "STOPPED" or "FAILED";
        }, TimeSpan.FromSeconds(60));
        return rehearsal;
    }

    public static string? Text(JsonElement from, string name) => from.GetProperty(name).GetString();

    public static int Number(JsonElement from, string name) => from.GetProperty(name).GetInt32();

    /// <summary>Rows of the embedded store.</summary>
    public static long Count(BoxOfficeHost host, string table, string where = "true")
    {
        using var connection = new SqliteConnection(
            $"Data Source={Path.Combine(host.StoreDirectory!, "journal.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = new SqliteCommand($"SELECT count(*) FROM {table} WHERE {where}", connection);
        return (long)command.ExecuteScalar()!;
    }
}
