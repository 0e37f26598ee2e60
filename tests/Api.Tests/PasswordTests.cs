using System.Net;
using BoxOffice.Api.Identity;
using BoxOffice.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BoxOffice.Api.Tests;

public sealed class PasswordTests(Hosts hosts)
{
    private const string Composed = "\ud55c\uae00 \ube44\ubc00\ubc88\ud638 \uc798"; // nine characters
    private const string Decomposed =
        "\u1112\u1161\u11ab\u1100\u1173\u11af \u1107\u1175\u1106\u1175\u11af\u1107\u1165\u11ab\u1112\u1169 "
        + "\u110c\u1161\u11af";

    [Theory]
    [InlineData("password")]
    [InlineData("Passw0rd")]
    [InlineData("PRINCESS")]
    [InlineData("qwertyuiop")]
    [InlineData("\uff50assword")] // a wide p
    [InlineData("baseball1")]
    [InlineData("short12")]
    [InlineData("\u1112\u1161\u11ab\u1112\u1161\u11ab\u1112\u1161\u11ab")] // three syllables of nine letters
    [InlineData("the-member")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_easily_guessed_is_weak(string? password) =>
        Assert.False(Passwords.IsStrong(password, "The-Member"));

    [Fact]
    public void At_least_ten_thousand_of_the_commonest_are_weak()
    {
        var common = IdentityResource.Lines("common-passwords.txt").ToList();

        Assert.InRange(common.Distinct().Count(), 10_000, 100_000);
        Assert.All(common, password => Assert.False(Passwords.IsStrong(password, "ann")));
        Assert.All(common, password => Assert.True(Passwords.IsStrong(password + " x7 kite", "ann")));
    }

    [Fact]
    public void A_password_counts_in_characters_and_not_in_letters_of_one_form()
    {
        Assert.True(Passwords.IsStrong(string.Concat(Enumerable.Repeat("\u1112\u1161\u11ab", 256)), "ann"));
        Assert.False(Passwords.IsStrong(string.Concat(Enumerable.Repeat("\u1112\u1161\u11ab", 257)), "ann"));
    }

    [Theory, BothForms]
    public async Task A_password_is_the_same_from_every_keyboard(Form form)
    {
        var stage = await hosts.StageAsync(form);

        await stage.Nobody.PostAsync("/member/signup", new { id = stage.Name, password = Decomposed });
        var reply = await stage.Nobody.PostAsync("/member/login", new { id = stage.Name, password = Composed });

        Assert.Equal(HttpStatusCode.OK, reply.Status);
    }

    [Fact]
    public async Task A_hash_of_another_form_or_of_fewer_rounds_is_right_and_outdated()
    {
        var old = new PasswordHasher<string>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 }));
        using var queue = new PasswordHashingQueue(Options.Create(new ApiOptions { PasswordIterations = 2_000 }));

        var rawForm = await queue.VerifyAsync(
            new PasswordHasher<string>(Options.Create(new PasswordHasherOptions { IterationCount = 2_000 }))
                .HashPassword("", Decomposed), Decomposed);
        var fewer = await queue.VerifyAsync(old.HashPassword("", "a word of my own"), "a word of my own");
        var present = await queue.VerifyAsync((await queue.HashAsync(Decomposed))!, Composed);
        var wrong = await queue.VerifyAsync(old.HashPassword("", Composed), Composed + "x");

        Assert.Equal(new PasswordCheck(IsRight: true, IsOutdated: true), rawForm);
        Assert.Equal(new PasswordCheck(IsRight: true, IsOutdated: true), fewer);
        Assert.Equal(new PasswordCheck(IsRight: true), present);
        Assert.Equal(new PasswordCheck(IsRight: false), wrong);
    }

    [Fact]
    public async Task A_login_after_the_rounds_rose_stores_a_new_hash()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync();
        var nobody = new Client(host.Url);
        var ann = new { id = "ann", password = "a word of my own" };
        await nobody.PostAsync("/member/signup", ann);
        var before = await RecordOfAnnAsync(host);
        await host.StartAgainAsync(("PasswordIterations", "2000"));
        var first = await nobody.PostAsync("/member/login", ann);
        var after = await RecordOfAnnAsync(host);
        await host.StartAgainAsync();
        var second = await nobody.PostAsync("/member/login", ann);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.Status, second.Status));
        Assert.NotEqual(before, after);
        Assert.Equal(2_000, RoundsOf(after));
    }

    [Theory]
    [InlineData("password")]
    [InlineData("operator")]
    [InlineData("12345678")]
    public async Task A_weak_operators_password_ends_the_start_in_one_sentence(string password)
    {
        await using var process = ProgramProcess.Start("Api",
            TestSettings.With(("OperatorPassword", password),
                ("DataDirectory", Directory.CreateTempSubdirectory("boxoffice-weak-").FullName)),
            "--urls", "http://127.0.0.1:0");

        await process.LineAsync("BoxOffice__OperatorPassword is easily guessed");
    }

    private static int RoundsOf(string hash) =>
        (int)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(Convert.FromBase64String(hash).AsSpan(5));

    private static async Task<string> RecordOfAnnAsync(BoxOfficeHost host)
    {
        await using var file = new Microsoft.Data.Sqlite.SqliteConnection(
            $"Data Source={Path.Combine(host.StoreDirectory!, "members.db")};Mode=ReadOnly;Pooling=False");
        await file.OpenAsync();
        await using var command = new Microsoft.Data.Sqlite.SqliteCommand(
            "SELECT PayloadBinary FROM OrleansStorage WHERE GrainExt = 'member-ann'", file);
        using var record = System.Text.Json.JsonDocument.Parse((byte[])(await command.ExecuteScalarAsync())!);
        return record.RootElement.GetProperty("PasswordHash").GetString()!;
    }
}
