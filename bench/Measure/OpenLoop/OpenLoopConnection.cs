using System.Net;

namespace BoxOffice.Measure.OpenLoop;

/// <summary>The result of a read of a connection.</summary>
internal enum ConnectionNews
{
    /// <summary>Nothing yet, or an incomplete answer.</summary>
    None,

    /// <summary>The connection is open.</summary>
    Opened,

    /// <summary>A complete answer has arrived.</summary>
    Answered,

    /// <summary>The connection was refused, reset or closed.</summary>
    Broken,
}

/// <summary>A connection with at most one request under way.</summary>
internal sealed class OpenLoopConnection(int number, IPEndPoint to, Epoll epoll)
{
    private const int LengthMax = 64 * 1024;

    private byte[] _received = new byte[1_024];
    private int _length;
    private int _descriptor = -1;

    /// <summary>A request can be sent.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>When the current request was due; null without one.</summary>
    public long? DueAt { get; private set; }

    /// <summary>The last answer.</summary>
    public Answer Answer { get; private set; }

    /// <summary>The bytes of the last answer, until the next request.</summary>
    public ReadOnlySpan<byte> AnswerBytes => _received.AsSpan(0, Answer.Length);

    /// <summary>Starts to connect. Returns false on an immediate failure.</summary>
    public bool TryOpen()
    {
        Close();
        _descriptor = Tcp.Open(to);
        if (_descriptor < 0) return false;
        epoll.Watch(_descriptor, number, Epoll.Writable);
        return true;
    }

    /// <summary>Sends a request. Returns false when the connection is broken.</summary>
    public bool TrySend(ReadOnlySpan<byte> request, long dueAt)
    {
        (DueAt, _length) = (dueAt, 0);
        return Tcp.TrySend(_descriptor, request);
    }

    /// <summary>Reads what the kernel has received.</summary>
    public ConnectionNews Look()
    {
        if (_descriptor < 0) return ConnectionNews.None;
        if (IsOpen) return Read();
        if (Tcp.ErrorOf(_descriptor) != 0) return ConnectionNews.Broken;
        epoll.Change(_descriptor, number, Epoll.Readable);
        IsOpen = true;
        return ConnectionNews.Opened;
    }

    public void Close()
    {
        if (_descriptor >= 0) _ = Tcp.Close(_descriptor);
        (_descriptor, IsOpen, DueAt, _length) = (-1, false, null, 0);
    }

    private ConnectionNews Read()
    {
        if (_length == _received.Length) Array.Resize(ref _received, _length * 2);
        var count = Tcp.Receive(_descriptor, _received.AsSpan(_length));
        if (count == -1) return ConnectionNews.None;
        if (count <= 0 || DueAt is null || _length + count > LengthMax) return ConnectionNews.Broken;
        _length += count;
        if (!Answer.TryRead(_received.AsSpan(0, _length), out var answer)) return ConnectionNews.None;
        (Answer, DueAt) = (answer, null);
        return ConnectionNews.Answered;
    }
}
