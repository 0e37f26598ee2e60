using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace BoxOffice.Grains.Journal;

/// <summary>
/// The checksum of one row of the embedded journal (XxHash64 of the values as they are stored, the event's id too), so
/// that a value that the disk changed into another valid one is noticed. PostgreSQL has checksums of its pages.
/// </summary>
internal static class RowChecksum
{
    private const int NumbersLength = 6 * sizeof(long);
    private const int UsualLengthMax = 1_024;

    /// <summary>The checksum of a row's values, in the columns' order; an absent number is null, not 0.</summary>
    public static long Of(
        string eventId, long sequence, long kind, long decidedAt, string actor, string? key, long quantity,
        long? reservationSequence, long? expiresAt, string? terms)
    {
        var lengthMax = NumbersLength + 2 + (4 * sizeof(int))
            + Encoding.UTF8.GetMaxByteCount(eventId.Length + actor.Length + (key?.Length ?? 0) + (terms?.Length ?? 0));
        var bytes = lengthMax <= UsualLengthMax ? stackalloc byte[UsualLengthMax] : new byte[lengthMax];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, sequence);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], kind);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], decidedAt);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], quantity);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], reservationSequence ?? 0);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], expiresAt ?? 0);
        bytes[NumbersLength] = reservationSequence is null ? (byte)0 : (byte)1;
        bytes[NumbersLength + 1] = expiresAt is null ? (byte)0 : (byte)1;
        var length = NumbersLength + 2;
        foreach (var text in (ReadOnlySpan<string?>)[eventId, actor, key, terms])
        {
            // Its length too, so that a text cannot move from one column to the next.
            var count = text is null ? -1 : Encoding.UTF8.GetBytes(text, bytes[(length + sizeof(int))..]);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[length..], count);
            length += sizeof(int) + Math.Max(count, 0);
        }
        return unchecked((long)XxHash64.HashToUInt64(bytes[..length]));
    }
}
