using System.Runtime.CompilerServices;

namespace BoxOffice.Testing.Faults;

/// <summary>The violations found so far in one event.</summary>
internal sealed class Findings(string eventId)
{
    public List<Violation> Violations { get; } = [];

    public string EventId => eventId;

    public void Add(Promise promise, string memberId, long sequence, string sentence) =>
        Violations.Add(new(promise, eventId, memberId, sequence, sentence));

    public void Add(Promise promise, StoredEntry entry, string sentence) =>
        Add(promise, entry.Actor, entry.Sequence, $"{entry.Kind} of {entry.Quantity}: {sentence}");

    public void Add(Promise promise, Operation operation, string sentence) =>
        Add(promise, operation.Call.MemberId, operation.ReservationSequence, $"{sentence}: {operation}");

    /// <summary>Adds a violation when the rule does not hold.</summary>
    public void Require(
        bool holds,
        Promise promise,
        StoredEntry entry,
        [InterpolatedStringHandlerArgument(nameof(holds))] ref Sentence sentence)
    {
        if (!holds) Add(promise, entry, sentence.ToString());
    }

    /// <summary>Adds a violation when the rule does not hold.</summary>
    public void Require(
        bool holds,
        Promise promise,
        Operation operation,
        [InterpolatedStringHandlerArgument(nameof(holds))] ref Sentence sentence)
    {
        if (!holds) Add(promise, operation, sentence.ToString());
    }

    /// <summary>A sentence that is formatted only when a rule is broken: millions of rows keep it.</summary>
    [InterpolatedStringHandler]
    public ref struct Sentence
    {
        private DefaultInterpolatedStringHandler _text;

        public Sentence(int literalLength, int formattedCount, bool holds, out bool isWritten)
        {
            isWritten = !holds;
            if (isWritten) _text = new(literalLength, formattedCount);
        }

        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        public void AppendFormatted<T>(T value, string? format = null) => _text.AppendFormatted(value, format);

        public override string ToString() => _text.ToStringAndClear();
    }
}
