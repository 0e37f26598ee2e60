using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests;

/// <summary>The start of an embedded server: stores that it rejects, and the files that it creates.</summary>
public sealed class StoreStartupTests
{
    [Fact]
    public async Task A_store_that_another_program_uses()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync();
        var directory = Path.GetDirectoryName((await host.Api.LineAsync("store in")).Split("store in ")[1] + "/")!;

        await Startup.AssertRefusesAsync(
            "Api", "Is another BoxOffice running?", ("BoxOffice__DataDirectory", directory));
    }

    [Fact]
    public async Task A_store_with_a_damaged_file()
    {
        var directory = Startup.NewDirectory();
        await using (var host = ProgramProcess.Start("Api", Startup.EmbeddedIn(directory), "--urls", "http://127.0.0.1:0"))
        {
            await host.LineAsync("BoxOffice is open at");
            await host.StopAsync();
        }
        await using (var file = new FileStream(Path.Combine(directory, "journal.db"), FileMode.Open))
        {
            file.Position = 4_096 * 2; // the header of a page
            file.Write("twelve bytes"u8);
        }

        await Startup.AssertRefusesAsync("Api", "journal.db is damaged", ("BoxOffice__DataDirectory", directory));
    }

    [Fact]
    public async Task A_store_without_its_journal()
    {
        var directory = Startup.NewDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory, "token.key"), BoxOfficeHost.TokenKey);

        await Startup.AssertRefusesAsync("Api",
            "journal.db is missing or empty, and this is no first start", ("BoxOffice__DataDirectory", directory));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_store_in_a_readable_folder_has_only_private_files()
    {
        var directory = Startup.NewDirectory();
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);

        await using (var first = ProgramProcess.Start("Api", Startup.EmbeddedIn(directory), "--urls", "http://127.0.0.1:0"))
        {
            await first.LineAsync("BoxOffice is open at");
            AssertPrivate(directory);
            await first.KillAsync();
        }
        foreach (var file in Directory.GetFiles(directory)) File.SetUnixFileMode(file, (UnixFileMode)0b110_100_100);
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        await using var second = ProgramProcess.Start("Api", Startup.EmbeddedIn(directory), "--urls", "http://127.0.0.1:0");
        await second.LineAsync("BoxOffice is open at");
        AssertPrivate(directory);
        await second.StopAsync();
        Directory.Delete(directory, recursive: true);

        static void AssertPrivate(string directory)
        {
            var files = Directory.GetFiles(directory);
            Assert.Equal(0, (int)File.GetUnixFileMode(directory) & 0b111_111);
            Assert.Contains(files, file => file.EndsWith("token.key", StringComparison.Ordinal));
            Assert.Contains(files, file => file.EndsWith("members.db-wal", StringComparison.Ordinal));
            Assert.All(files, file => Assert.Equal(0, (int)File.GetUnixFileMode(file) & 0b111_111));
        }
    }
}
