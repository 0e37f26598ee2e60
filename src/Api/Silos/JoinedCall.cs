namespace BoxOffice.Api.Silos;

/// <summary>Calls for several events of one silo, on their way in one message; for a single event, an ordinary call of its grain.</summary>
/// <param name="grains">Makes references whose calls go to that silo.</param>
public sealed class JoinedCall(IGrainFactory grains)
{
    private readonly List<Part> _parts = [];
    private bool _isSent;

    /// <summary>Buyers' calls in it.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a batch for one event, which is not empty. The answer is that of <see cref="ITicketEventGrain.Reserve"/>.</summary>
    /// <exception cref="InvalidOperationException">The message has gone: something was awaited before the call joined it.</exception>
    public Task<ReserveResults> Reserve(string eventId, ReserveRequest[] requests, DateTimeOffset validUntil)
    {
        if (_isSent) throw new InvalidOperationException("The message has gone without this call.");
        var part = new Part(new(eventId, requests, validUntil));
        _parts.Add(part);
        Count += requests.Length;
        return part.Task;
    }

    /// <summary>Sends it. Ends when everybody has an answer but those who are late. Never fails.</summary>
    public Task SendAsync()
    {
        _isSent = true;
        return _parts.Count switch
        {
            0 => Task.CompletedTask,
            1 => AskEventAsync(_parts[0]),
            _ => AskSiloAsync(),
        };
    }

    private async Task AskEventAsync(Part part)
    {
        try
        {
            var calls = part.Calls;
            part.SetResult(await grains.TicketEvent(calls.EventId).Reserve(calls.Requests, calls.ValidUntil));
        }
        catch (Exception e)
        {
            part.SetException(e);
        }
    }

    private async Task AskSiloAsync()
    {
        try
        {
            var silo = grains.GetGrain<ISiloDoorGrain>(0);
            var answers = await silo.Reserve([.. _parts.Select(part => part.Calls)]);
            for (var i = 0; i < answers.Length; i++)
            {
                if (answers[i].LateNumber is { } number) _ = AnswerLateAsync(_parts[i], silo, number);
                else _parts[i].Answer(answers[i]);
            }
        }
        catch (Exception e)
        {
            foreach (var part in _parts) part.TrySetException(e);
        }
    }

    private static async Task AnswerLateAsync(Part part, ISiloDoorGrain silo, long number)
    {
        try
        {
            part.Answer(await silo.Late(number));
        }
        catch (Exception e)
        {
            // That the question was refused says nothing of the event, which has the calls.
            part.SetException(new OutcomeUnknownException($"The event was late, and its answer could not be fetched. {e.Message}"));
        }
    }

    private sealed class Part(EventCalls calls) : TaskCompletionSource<ReserveResults>
    {
        public EventCalls Calls => calls;

        public void Answer(in JoinedAnswer answer)
        {
            if (answer.Results is { } results) SetResult(results);
            else SetException(answer.Failure!);
        }
    }
}
