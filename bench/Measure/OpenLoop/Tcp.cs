using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace BoxOffice.Measure.OpenLoop;

/// <summary>
/// Non-blocking TCP connections by system calls: a generator on the measured machine must use as little of it as
/// possible. IPv4 on Linux.
/// </summary>
internal static partial class Tcp
{
    /// <summary>The error code of a call that would block.</summary>
    public const int WouldBlock = 11; // EAGAIN

    private const int Ipv4 = 2; // AF_INET
    private const int Stream = 1 | 0x800 | 0x80000; // SOCK_STREAM, SOCK_NONBLOCK, SOCK_CLOEXEC
    private const int TcpLevel = 6, NoDelay = 1; // IPPROTO_TCP, TCP_NODELAY
    private const int SocketLevel = 1, Error = 4, Linger = 13; // SOL_SOCKET, SO_ERROR, SO_LINGER
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL
    private const int InProgress = 115; // EINPROGRESS

    /// <summary>Starts to connect, and returns the file descriptor; negative on an immediate failure.</summary>
    public static unsafe int Open(IPEndPoint to)
    {
        var descriptor = NewSocket(Ipv4, Stream, 0);
        if (descriptor < 0) return descriptor;
        var on = 1;
        SetOption(descriptor, TcpLevel, NoDelay, &on, sizeof(int));
        // Closes without TIME_WAIT: thousands of ports would be missing in the next round.
        var noLinger = stackalloc int[] { 1, 0 };
        SetOption(descriptor, SocketLevel, Linger, noLinger, 2 * sizeof(int));
        Span<byte> address = stackalloc byte[16]; // sockaddr_in
        address.Clear();
        MemoryMarshal.Write(address, (short)Ipv4);
        BinaryPrimitives.WriteUInt16BigEndian(address[2..], (ushort)to.Port);
        to.Address.TryWriteBytes(address[4..], out _);
        fixed (byte* start = address)
        {
            if (Connect(descriptor, start, address.Length) == 0 || Marshal.GetLastPInvokeError() == InProgress)
                return descriptor;
        }
        _ = Close(descriptor);
        return -1;
    }

    /// <summary>0 when it is connected, else the error code.</summary>
    public static unsafe int ErrorOf(int descriptor)
    {
        int error, size = sizeof(int);
        return GetOption(descriptor, SocketLevel, Error, &error, &size) == 0 ? error : Marshal.GetLastPInvokeError();
    }

    /// <summary>
    /// Sends a request. Returns false when not all of it was taken: it is far smaller than the kernel's buffer.
    /// </summary>
    public static unsafe bool TrySend(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes) return Send(descriptor, start, bytes.Length, NoSignal) == bytes.Length;
    }

    /// <summary>
    /// The number of bytes received; 0 when the peer has closed, -1 when nothing is there yet, -2 after a reset.
    /// </summary>
    public static unsafe int Receive(int descriptor, Span<byte> into)
    {
        fixed (byte* start = into)
        {
            var length = (int)Receive(descriptor, start, into.Length, 0);
            if (length >= 0) return length;
            return Marshal.GetLastPInvokeError() == WouldBlock ? -1 : -2;
        }
    }

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int NewSocket(int family, int kind, int protocol);

    [LibraryImport("libc", EntryPoint = "connect", SetLastError = true)]
    private static unsafe partial int Connect(int descriptor, byte* address, int length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static unsafe partial int SetOption(int descriptor, int level, int name, int* value, int size);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    private static unsafe partial int GetOption(int descriptor, int level, int name, int* value, int* size);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static unsafe partial nint Send(int descriptor, byte* start, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static unsafe partial nint Receive(int descriptor, byte* start, nint length, int flags);
}
