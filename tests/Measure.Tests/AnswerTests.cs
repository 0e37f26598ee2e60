using System.Text;
using BoxOffice.Measure.OpenLoop;

namespace BoxOffice.Measure.Tests;

/// <summary>How the generator reads a server's answers.</summary>
public sealed class AnswerTests
{
    private const string Sold =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"data\":{}}";
    private const string InChunks =
        "HTTP/1.1 409 Conflict\r\nTransfer-Encoding: chunked\r\n\r\n13\r\n{\"code\":\"SOLD_OUT\"}\r\n0\r\n\r\n";

    [Theory, InlineData(Sold, 200), InlineData(InChunks, 409), InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204)]
    public void An_answer_is_read_when_all_of_it_is_there(string text, int status)
    {
        var isRead = Answer.TryRead(Encoding.ASCII.GetBytes(text), out var answer);

        Assert.True(isRead);
        Assert.Equal(new Answer(status, text.Length, IsLast: false), answer);
    }

    [Theory, InlineData(Sold), InlineData(InChunks)]
    public void An_incomplete_answer_is_not_read(string text)
    {
        for (var length = 0; length < text.Length; length++)
            Assert.False(Answer.TryRead(Encoding.ASCII.GetBytes(text[..length]), out _), $"after {length} bytes");
    }

    [Fact]
    public void What_comes_after_an_answer_is_not_part_of_it()
    {
        Answer.TryRead(Encoding.ASCII.GetBytes(InChunks + Sold), out var answer);

        Assert.Equal(InChunks.Length, answer.Length);
    }

    [Fact]
    public void A_body_may_look_like_the_end_of_chunks()
    {
        const string Text = "HTTP/1.1 200 OK\r\ntransfer-encoding:chunked\r\n\r\n5\r\n0\r\n\r\n\r\n0\r\n\r\n";

        Answer.TryRead(Encoding.ASCII.GetBytes(Text), out var answer);

        Assert.Equal(Text.Length, answer.Length);
    }

    [Fact]
    public void A_server_says_when_it_will_close()
    {
        Answer.TryRead(
            "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"u8, out var answer);

        Assert.True(answer.IsLast);
    }

    [Theory, InlineData("SSH-2.0-OpenSSH\r\n\r\n"), InlineData("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n")]
    public void Other_protocols_are_recognized(string text) =>
        Assert.Throws<FormatException>(() => Answer.TryRead(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void A_refusal_has_a_code()
    {
        Assert.Equal("SOLD_OUT", Answer.CodeOf(Encoding.ASCII.GetBytes(InChunks)));
        Assert.Null(Answer.CodeOf(Encoding.ASCII.GetBytes(Sold)));
    }
}
