using System.Security.Cryptography;
using System.Text;
using BoxOffice.Api.Identity;

namespace BoxOffice.Api.Tests;

public sealed class NfkcTests
{
    [Theory]
    [InlineData("\u1112\u1161\u11ab\u1100\u1173\u11af", "\ud55c\uae00")] // Hangul as macOS types it
    [InlineData("e\u0301", "\u00e9")]
    [InlineData("\uff21\uff11", "A1")]
    [InlineData("\ufb01", "fi")]
    [InlineData("plain ASCII", "plain ASCII")]
    [InlineData("", "")]
    public void A_text_has_one_form(string text, string expected)
    {
        Assert.Equal(expected, Nfkc.Normalize(text));
        Assert.Equal(expected, Nfkc.Normalize(expected));
    }

    /// <summary>
    /// Each character of Unicode 14, alone and between others, as Python's unicodedata normalizes it: the digest is
    /// what eng/passwords/tables.py prints.
    /// </summary>
    [Fact]
    public void Every_character_is_normalized_as_Unicode_says()
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var number in Enumerable.Range(0, 0x110000).Where(Rune.IsValid))
        {
            var one = new Rune(number);
            all.AppendData(Encoding.UTF8.GetBytes(
                Nfkc.Normalize($"{one}|a{one}\u0323\u0301|\u1112\u1161{one}|{one}\u3099\n")));
        }

        Assert.Equal(
            "b24502236c0d430296656c40c6bf3a38e2f5f52a020893f583c1719144d8a615",
            Convert.ToHexStringLower(all.GetHashAndReset()));
    }

    [Fact]
    public void A_broken_surrogate_is_no_failure() => Assert.Equal("\ufffda", Nfkc.Normalize("\ud800a"));
}
