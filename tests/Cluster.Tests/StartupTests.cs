using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BoxOffice.Testing;

namespace BoxOffice.Cluster.Tests;

/// <summary>A program that cannot start reports the reason in one line, and ends with an error.</summary>
public sealed class StartupTests(Journal.Postgres postgres)
{
    [Fact]
    public Task A_malformed_connection_string() =>
        Startup.AssertRefusesAsync(
            "Silo", "is not a PostgreSQL connection string", ("ConnectionStrings__boxoffice", "nonsense"));

    [Fact]
    public Task A_silo_without_a_connection_string() =>
        Startup.AssertRefusesAsync("Silo", "ConnectionStrings__boxoffice is not set");

    [Fact]
    public async Task A_front_end_of_a_cluster_without_a_token_key() =>
        await Startup.AssertRefusesAsync("Api",
            "BoxOffice__TokenKey is not set", ("ConnectionStrings__boxoffice", await postgres.CreateDatabaseAsync()));

    [Fact]
    public Task A_token_key_that_is_too_short() =>
        Startup.AssertRefusesAsync("Api", "must have at least 32 bytes",
            ("BoxOffice__TokenKey", "short"), ("BoxOffice__DataDirectory", Startup.NewDirectory()));

    [Fact]
    public Task A_number_out_of_bounds() =>
        Startup.AssertRefusesAsync("Api", "SiloPort", ("BoxOffice__SiloPort", "70000"));

    [Fact]
    public Task A_number_with_letters() =>
        Startup.AssertRefusesAsync("Api", "SiloPort", ("BoxOffice__SiloPort", "many"));

    [Fact]
    public Task A_malformed_address() =>
        Startup.AssertRefusesAsync("Api", "AdvertisedAddress", ("BoxOffice__AdvertisedAddress", "here"));

    [Theory, InlineData("10.0.0.1, proxy.example"), InlineData("10.0.0.0/33"), InlineData("1")]
    public Task A_trusted_proxy_that_is_neither_an_address_nor_a_network(string proxies) => Startup.AssertRefusesAsync(
        "Api", "BoxOffice:TrustedProxies",
        ("BoxOffice__TrustedProxies", proxies), ("BoxOffice__DataDirectory", Startup.NewDirectory()));

    [Fact]
    public async Task A_port_that_another_program_uses()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        await Startup.AssertRefusesAsync("Api", $"Port {port} is in use. Set ASPNETCORE_URLS",
            ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"), ("BoxOffice__DataDirectory", Startup.NewDirectory()));
        await Startup.AssertRefusesAsync("Api", $"Port {port} is in use. Set BoxOffice__SiloPort",
            ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("BoxOffice__SiloPort", port),
            ("BoxOffice__DataDirectory", Startup.NewDirectory()));
        await Startup.AssertRefusesAsync("Silo", $"Port {port} is in use. Set BoxOffice__MetricsPort",
            ("BoxOffice__Metrics", "true"), ("BoxOffice__MetricsPort", port),
            ("ConnectionStrings__boxoffice", "Host=localhost"));
    }

    [Fact]
    public async Task A_port_that_another_front_end_uses_although_it_could_be_shared()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync();

        await Startup.AssertRefusesAsync("Api", "is in use. Set ASPNETCORE_URLS",
            ("ASPNETCORE_URLS", host.Url.ToString()), ("BoxOffice__DataDirectory", Startup.NewDirectory()));
    }

    [Fact]
    public async Task An_unknown_setting_is_a_warning()
    {
        await using var host = await BoxOfficeHost.StartEmbeddedAsync(("JournalWriter", "3"), ("Zzz", "1"));

        await host.Api.LineAsync(
            "BoxOffice__JournalWriter is not a setting that this version knows, and is ignored: "
            + "did you mean BoxOffice__JournalWriters?");
        await host.Api.LineAsync(
            "BoxOffice__Zzz is not a setting that this version knows, and is ignored: see docs/operations.md.");
        Assert.DoesNotContain("BoxOffice__DrainDelay", host.Api.Output, StringComparison.Ordinal);
    }
}
