using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;

namespace BoxOffice.Grains.Ledger;

/// <summary>
/// A chained digest of an event's entries (XxHash128): that of entry N covers entries 1 to N, each with all of its
/// fields. It distinguishes journals of the same length. It is no signature: a process that can write the snapshots can
/// write the journal too.
/// </summary>
public static class EntryDigest
{
    /// <summary>Bytes of a digest, as they are stored: the most significant first.</summary>
    public const int Length = 16;

    private const int FixedLength = Length + (6 * sizeof(long));
    private const int UsualLengthMax = 512;

    /// <summary>The digest after an entry, from that of the entry before; 0 before the first.</summary>
    public static UInt128 After(UInt128 before, in JournalEntry entry)
    {
        var terms = TermsJson.Write(entry.Terms);
        var actor = MemoryMarshal.AsBytes(entry.Actor.AsSpan());
        var key = MemoryMarshal.AsBytes(entry.Key.AsSpan());
        var length = FixedLength + actor.Length + key.Length + Encoding.Unicode.GetByteCount(terms ?? "");
        var bytes = length <= UsualLengthMax ? stackalloc byte[UsualLengthMax] : new byte[length];

        BinaryPrimitives.WriteUInt128BigEndian(bytes, before);
        var numbers = bytes[Length..];
        BinaryPrimitives.WriteInt64LittleEndian(numbers, entry.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[8..], entry.DecidedAt.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[16..], entry.ReservationSequence);
        BinaryPrimitives.WriteInt64LittleEndian(numbers[24..], entry.ExpiresAt?.UtcTicks ?? 0);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[32..], entry.Quantity);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[36..], (int)entry.Kind);
        // The lengths too, so that a text cannot move from one field to the next; -1 means none.
        BinaryPrimitives.WriteInt32LittleEndian(numbers[40..], actor.Length);
        BinaryPrimitives.WriteInt32LittleEndian(numbers[44..], entry.Key is null ? -1 : key.Length);
        actor.CopyTo(bytes[FixedLength..]);
        key.CopyTo(bytes[(FixedLength + actor.Length)..]);
        if (terms is not null) Encoding.Unicode.GetBytes(terms, bytes[(FixedLength + actor.Length + key.Length)..]);
        return XxHash128.HashToUInt128(bytes[..length]);
    }

    /// <summary>As it is stored.</summary>
    public static byte[] ToBytes(UInt128 digest)
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, digest);
        return bytes;
    }

    /// <summary>From what is stored; 0 when it is no digest.</summary>
    public static UInt128 FromBytes(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Length ? BinaryPrimitives.ReadUInt128BigEndian(bytes) : 0;
}
