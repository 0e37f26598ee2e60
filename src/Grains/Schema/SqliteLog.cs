using System.Buffers.Binary;

namespace BoxOffice.Grains.Schema;

/// <summary>
/// Reads a write-ahead log that a killed program left behind. SQLite treats a damaged frame as the end of the log, and
/// silently drops all that was committed after it.
/// </summary>
/// <remarks>https://sqlite.org/fileformat2.html, The Write-Ahead Log.</remarks>
internal static class SqliteLog
{
    private const int HeaderLength = 32;
    private const int FrameHeaderLength = 24;
    private const uint LittleEndian = 0x377f0682;
    private const uint BigEndian = 0x377f0683;

    /// <summary>
    /// True when durable commits would be dropped. Each commit is on the disk before the next is written; so after an
    /// invalid frame there can be one commit that a power cut interrupted, and a second one proves damage.
    /// </summary>
    public static bool LosesCommits(string path)
    {
        if (!File.Exists(path)) return false;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var header = new byte[HeaderLength];
        if (file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength) return false;
        var magic = Word(header, 0);
        var sum = (First: 0u, Second: 0u);
        if (magic is not (LittleEndian or BigEndian)) return file.Length > HeaderLength;
        Add(ref sum, header.AsSpan(0, 24), magic == BigEndian);
        if (sum != (Word(header, 24), Word(header, 28))) return file.Length > HeaderLength;

        var frame = new byte[FrameHeaderLength + Word(header, 8)];
        var (isValid, commitsBehind) = (true, 0);
        while (file.ReadAtLeast(frame, frame.Length, throwOnEndOfStream: false) == frame.Length)
        {
            // Frames of an earlier round have another salt: the log is overwritten from its beginning in rounds.
            var isOfThisRound = frame.AsSpan(8, 8).SequenceEqual(header.AsSpan(16, 8));
            Add(ref sum, frame.AsSpan(0, 8), magic == BigEndian);
            Add(ref sum, frame.AsSpan(FrameHeaderLength), magic == BigEndian);
            isValid = isValid && isOfThisRound && sum == (Word(frame, 16), Word(frame, 20));
            if (!isValid && isOfThisRound && Word(frame, 4) != 0) commitsBehind++;
        }
        return commitsBehind > 1;
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);

    private static void Add(ref (uint First, uint Second) sum, ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        for (var i = 0; i < bytes.Length; i += 8)
        {
            sum.First = unchecked(sum.First + Read(bytes[i..]) + sum.Second);
            sum.Second = unchecked(sum.Second + Read(bytes[(i + 4)..]) + sum.First);
        }

        uint Read(ReadOnlySpan<byte> word) => isBigEndian
            ? BinaryPrimitives.ReadUInt32BigEndian(word)
            : BinaryPrimitives.ReadUInt32LittleEndian(word);
    }
}
