using BoxOffice.Api.Rehearsal;
using BoxOffice.Grains;

namespace BoxOffice.Api.Tests;

public sealed class CrowdUrlTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://0.0.0.0:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://[::]:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://+:80", "http://127.0.0.1/")]
    [InlineData("http://localhost:8080", "http://localhost:8080/")]
    [InlineData("https://0.0.0.0:8443;http://0.0.0.0:8080", "http://127.0.0.1:8080/")] // its certificate is for another name
    [InlineData("http://unix:/run/boxoffice.sock;https://192.0.2.7:8443", "https://192.0.2.7:8443/")]
    public void Unset_the_crowd_goes_to_where_this_front_end_listens(string listeners, string url)
    {
        Assert.Equal(url, CrowdUrl.OfListeners(listeners.Split(';'))?.ToString());
    }

    [Fact]
    public void A_front_end_that_listens_at_no_port_has_none()
    {
        Assert.Null(CrowdUrl.OfListeners(["http://unix:/run/boxoffice.sock"]));
        Assert.Null(CrowdUrl.OfListeners([]));
    }

    [Theory]
    [InlineData("http://balancer:8080")]
    [InlineData("https://tickets.example")]
    [InlineData("https://tickets.example/behind/a/path")]
    public void A_balancers_url_is_taken(string setting)
    {
        Assert.Equal(new Uri(setting), CrowdUrl.Parse(setting));
    }

    [Theory]
    [InlineData("balancer:8080")]
    [InlineData("ftp://balancer")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/ticket")]
    [InlineData("http://")]
    [InlineData("http://ann:secret@balancer")]
    [InlineData("http://balancer/?a=b")]
    public void Anything_else_fails_the_start(string setting)
    {
        var refusal = Assert.Throws<StartupException>(() => CrowdUrl.Parse(setting));

        Assert.Contains("BoxOffice:RehearsalUrl", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unset_is_not_wrong()
    {
        Assert.Null(CrowdUrl.Parse(null));
        Assert.Null(CrowdUrl.Parse(""));
    }
}
