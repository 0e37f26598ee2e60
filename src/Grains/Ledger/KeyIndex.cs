using System.Buffers.Binary;

namespace BoxOffice.Grains.Ledger;

/// <summary>Finds the reservation that has a key of its member. Many members may use one key.</summary>
internal sealed class KeyIndex(TextArena texts)
{
    private const int AccountLength = sizeof(int); // precedes the key: both are one text
    private const int UsualLengthMax = 256; // bytes on the stack; a longer key is handled on the heap

    private readonly TextIndex<int> _sequences = new(texts);

    /// <summary>The sequence of the reservation; 0 when there is none.</summary>
    public int Find(int account, string key)
    {
        Span<byte> utf8 = stackalloc byte[UsualLengthMax];
        Span<byte> text = stackalloc byte[AccountLength + UsualLengthMax];
        var number = _sequences.Find(With(account, TextArena.Encode(key, utf8), text));
        return number < 0 ? 0 : _sequences[number];
    }

    /// <summary>
    /// Adds a key that the member did not use before. Adding many is faster without a search in between.
    /// </summary>
    public void Add(int account, ReadOnlySpan<byte> key, int sequence)
    {
        Span<byte> text = stackalloc byte[AccountLength + UsualLengthMax];
        _sequences[_sequences.AddUnlinked(With(account, key, text))] = sequence;
    }

    /// <summary>Links added keys into their buckets, before a <see cref="Find"/>.</summary>
    public void Link() => _sequences.Link();

    private static ReadOnlySpan<byte> With(int account, ReadOnlySpan<byte> key, Span<byte> buffer)
    {
        var text = AccountLength + key.Length <= buffer.Length
            ? buffer[..(AccountLength + key.Length)]
            : new byte[AccountLength + key.Length];
        BinaryPrimitives.WriteInt32LittleEndian(text, account);
        key.CopyTo(text[AccountLength..]);
        return text;
    }
}
