using System.Diagnostics;
using System.Globalization;
using BoxOffice.Grains.Journal;
using BoxOffice.Grains.Schema;
using BoxOffice.Testing;
using Npgsql;
using NpgsqlTypes;

namespace BoxOffice.Measure;

/// <summary>
/// The cost of the check of the predecessor in an append: the journal's statement with and without it, in turn on one
/// PostgreSQL with fsync, over one connection each.
/// </summary>
internal static class AppendCost
{
    private const int Rounds = 1_000;
    private static readonly int[] BatchSizes = [1, 30, 120, 480];

    // The journal's parameters: ten columns, and the predecessor.
    private static readonly NpgsqlDbType[] Types =
    [
        NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.Smallint, NpgsqlDbType.TimestampTz, NpgsqlDbType.Text,
        NpgsqlDbType.Text, NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.TimestampTz, NpgsqlDbType.Text,
        NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.TimestampTz, NpgsqlDbType.Text,
    ];

    private static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    public static async Task RunAsync(PostgresServer postgres)
    {
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await PostgresSchema.InstallAsync(database);
        var text = PostgresAppendSession.InsertText(JournalSql.Journal);
        var plain = text[..text.IndexOf("WHERE NOT EXISTS", StringComparison.Ordinal)];
        // PostgreSQL has a fast path for an index that grows at its right end. This row keeps both from using it.
        await using (var last = await Writer.OpenAsync(database, plain, "zzz", 1, hasPredecessor: false))
            await last.WriteAsync();
        Console.WriteLine("\n| entries in a batch | without, median | with, median | ratio |\n|---|---|---|---|");
        foreach (var size in BatchSizes)
        {
            // The order of the two events in the index changes the cost by a fifth at 480 entries: so each is first
            // once.
            var first = await CompareAsync(database, text, plain, size, names: ("a-with", "b-without"));
            var second = await CompareAsync(database, text, plain, size, names: ("d-with", "c-without"));
            var (with, without) = (first.With + second.With, first.Without + second.Without);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {size} | {without.TotalMicroseconds / 2:F0} µs | {with.TotalMicroseconds / 2:F0} µs "
                + $"| {with / without:F3} |"));
        }
    }

    /// <summary>The medians of both.</summary>
    private static async Task<(TimeSpan With, TimeSpan Without)> CompareAsync(
        NpgsqlDataSource database, string text, string plain, int size, (string With, string Without) names)
    {
        await using var with = await Writer.OpenAsync(
            database, text, $"{names.With}-{size}", size, hasPredecessor: true);
        await using var without = await Writer.OpenAsync(
            database, plain, $"{names.Without}-{size}", size, hasPredecessor: false);
        for (var i = 0; i < Rounds; i++)
        {
            // Each goes first in every second round.
            await (i % 2 == 0 ? with : without).WriteAsync();
            await (i % 2 == 0 ? without : with).WriteAsync();
        }
        return (with.Median, without.Median);
    }

    /// <summary>Writes the batches of one event, one after the other.</summary>
    private sealed class Writer(
        NpgsqlConnection connection, NpgsqlCommand insert, string eventId, int size, bool hasPredecessor)
        : IAsyncDisposable
    {
        private readonly List<TimeSpan> _took = [];
        private long _last;

        public TimeSpan Median => _took.Skip(_took.Count / 10).Order().ElementAt(_took.Count * 9 / 20);

        public static async Task<Writer> OpenAsync(
            NpgsqlDataSource database, string text, string eventId, int size, bool hasPredecessor)
        {
            var connection = await database.OpenConnectionAsync();
            await using var settings = new NpgsqlCommand(PostgresAppendSession.Settings, connection);
            await settings.ExecuteNonQueryAsync();
            return new(connection, new NpgsqlCommand(text, connection), eventId, size, hasPredecessor);
        }

        public async Task WriteAsync()
        {
            var sequences = Enumerable.Range(0, size).Select(i => _last + 1 + i).ToArray();
            object[] columns =
            [
                Repeat(eventId), sequences, Repeat((short)2), Repeat(Noon),
                sequences.Select(i => $"member{i}").ToArray(),
                sequences.Select(i => i.ToString("x32", CultureInfo.InvariantCulture)).ToArray(),
                Repeat(1), sequences, new DateTime?[size], new string?[size],
            ];
            var isFirst = _last == 0;
            object[] predecessor = hasPredecessor
                ? isFirst ? [Array.Empty<string>(), Array.Empty<long>(), Array.Empty<DateTime>(), Array.Empty<string>()]
                    : [new[] { eventId }, new[] { _last }, new[] { Noon }, new[] { $"member{_last}" }]
                : [];
            object[] values = [.. columns, .. predecessor];
            if (isFirst)
            {
                foreach (var (type, value) in Types.Zip(values))
                    insert.Parameters.Add(new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | type });
                await insert.PrepareAsync();
            }
            for (var i = 0; i < values.Length; i++) insert.Parameters[i].Value = values[i];
            var begunAt = Stopwatch.GetTimestamp();
            if (await insert.ExecuteNonQueryAsync() != size)
                throw new InvalidOperationException("The batch was not stored.");
            _took.Add(Stopwatch.GetElapsedTime(begunAt));
            _last += size;
        }

        public async ValueTask DisposeAsync()
        {
            await insert.DisposeAsync();
            await connection.DisposeAsync();
        }

        private T[] Repeat<T>(T value) => [.. Enumerable.Repeat(value, size)];
    }
}
