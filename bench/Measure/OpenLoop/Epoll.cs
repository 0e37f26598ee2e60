using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace BoxOffice.Measure.OpenLoop;

/// <summary>Linux' epoll: waits, to the microsecond, for events on many connections.</summary>
internal sealed partial class Epoll : IDisposable
{
    /// <summary>Data can be read, or the peer has closed.</summary>
    public const uint Readable = 1;

    /// <summary>The connection is open, or has failed.</summary>
    public const uint Writable = 4;

    private const int Add = 1, Modify = 3;
    private const int EventsMax = 512;
    private const int Interrupted = 4; // EINTR

    // The kernel packs the structure on x64 only: 32 bits of events, then 64 bits of user data.
    private static readonly int OursAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private readonly int _descriptor = Create(0);
    private readonly byte[] _events = new byte[EventsMax * (OursAt + 8)];

    /// <summary>Watches a descriptor for events. They are reported with this number.</summary>
    public void Watch(int descriptor, int number, uint events) => Control(Add, descriptor, number, events);

    /// <summary>Changes the events of a watched descriptor.</summary>
    public void Change(int descriptor, int number, uint events) => Control(Modify, descriptor, number, events);

    /// <summary>Waits for events, and returns their number; 0 after the timeout.</summary>
    public unsafe int Wait(TimeSpan atMost)
    {
        var (seconds, ticks) = Math.DivRem(atMost.Ticks, TimeSpan.TicksPerSecond);
        var limit = new Duration(seconds, ticks * TimeSpan.NanosecondsPerTick);
        int count;
        fixed (byte* start = _events) count = Wait(_descriptor, start, EventsMax, &limit, null);
        if (count >= 0) return count;
        return Marshal.GetLastPInvokeError() == Interrupted
            ? 0
            : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>The descriptor's number of the i-th event.</summary>
    public int Number(int i) => BinaryPrimitives.ReadInt32LittleEndian(_events.AsSpan((i * (OursAt + 8)) + OursAt));

    public void Dispose() => _ = Tcp.Close(_descriptor);

    private unsafe void Control(int operation, int descriptor, int number, uint events)
    {
        Span<byte> wanted = stackalloc byte[OursAt + 8];
        wanted.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(wanted, events);
        BinaryPrimitives.WriteInt32LittleEndian(wanted[OursAt..], number);
        fixed (byte* start = wanted)
        {
            if (Control(_descriptor, operation, descriptor, start) != 0)
                throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    private readonly record struct Duration(long Seconds, long Nanoseconds);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static unsafe partial int Control(int descriptor, int operation, int other, byte* wanted);

    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    private static unsafe partial int Wait(int descriptor, byte* events, int eventsMax, Duration* limit, void* signals);
}
