using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using BoxOffice.Grains.Telemetry;

namespace BoxOffice.Api.Telemetry;

/// <summary>
/// What a front-end measures, in the meter <see cref="SaleMetrics.MeterName"/>. No instrument has a tag for an event or
/// a member.
/// </summary>
internal sealed class ApiMetrics : IDisposable
{
    public const string StageTag = "boxoffice.stage";
    public const string CodeTag = "boxoffice.code";

    private static readonly KeyValuePair<string, object?>[] Stages =
        [.. Enum.GetValues<ReserveStage>().Select(
            stage => new KeyValuePair<string, object?>(StageTag, stage.ToString().ToLowerInvariant()))];

    // Recording each call by itself takes twice the processor time: all threads share the histograms' locks.
    private const int AnsweredAtOnce = 64;

    private readonly StripedBuffer<Answer> _answered;
    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _answers;
    private readonly Histogram<long> _batch;
    private readonly Histogram<double> _loginWait;
    private readonly Counter<long> _loginAnswers;
    private readonly Counter<long> _problems;

    public ApiMetrics(IMeterFactory meters)
    {
        _answered = new(AnsweredAtOnce, Record);
        _meter = meters.Create(SaleMetrics.MeterName);
        _duration = _meter.CreateHistogram("boxoffice.reserve.duration", "s",
            "Time of reserve calls in each stage, and in all.", advice: SaleMetrics.Seconds);
        _answers = _meter.CreateCounter<long>(
            "boxoffice.reserve.answers", "{answer}", "Answers to reserve calls, by code.");
        _batch = _meter.CreateHistogram(
            "boxoffice.reserve.batch.size", "{call}", "Reserve calls in one grain call.", advice: SaleMetrics.Sizes);
        _loginWait = _meter.CreateHistogram(
            "boxoffice.login.queue.duration", "s", "Time that passwords waited to be hashed.",
            advice: SaleMetrics.Seconds);
        _loginAnswers = _meter.CreateCounter<long>(
            "boxoffice.login.answers", "{answer}", "Answers to logins, by code.");
        _problems = _meter.CreateCounter<long>(
            "boxoffice.problems", "{answer}", "Problems answered to calls other than reserving, by code.");
    }

    /// <summary>A reserve call was answered.</summary>
    public void Answered(string code, in StageTimes times, int batchCalls)
    {
        if (_answers.Enabled) _answered.Add(new(code, times, batchCalls));
    }

    private void Record(ReadOnlySpan<Answer> answers)
    {
        var codes = new Dictionary<string, long>();
        foreach (var answer in answers)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(codes, answer.Code, out _)++;
            if (answer.BatchCalls > 0) _batch.Record(answer.BatchCalls);
        }
        foreach (var (code, count) in codes) _answers.Add(count, new KeyValuePair<string, object?>(CodeTag, code));
        for (var stage = ReserveStage.Edge; stage <= ReserveStage.Total; stage++)
        {
            foreach (ref readonly var answer in answers)
                _duration.Record(answer.Times[stage] / 1e6, Stages[(int)stage]);
        }
    }

    /// <summary>A password waited to be hashed.</summary>
    public void PasswordWaited(TimeSpan wait) => _loginWait.Record(wait.TotalSeconds);

    /// <summary>A login was answered: OK, or a problem's code.</summary>
    public void LoggedIn(string code) => _loginAnswers.Add(1, new KeyValuePair<string, object?>(CodeTag, code));

    /// <summary>Another call than reserving was answered with a problem.</summary>
    public void Refused(string code) => _problems.Add(1, new KeyValuePair<string, object?>(CodeTag, code));

    /// <summary>Adds the instruments that are read when metrics are collected.</summary>
    public void Observe(ApiGauges gauges)
    {
        Observe("boxoffice.reserve.queue.length", () =>
        {
            _answered.Flush(); // collection reads this instrument first, and the histograms afterwards
            return gauges.ReserveQueueLength();
        }, "{call}", "Reserve calls that wait for the grain call before them.");
        _meter.CreateObservableGauge("boxoffice.reserve.queue.age", () => gauges.ReserveQueueAge().TotalSeconds, "s",
            "Age of the oldest of these.");
        Observe(
            "boxoffice.login.queue.length", gauges.PasswordsWaiting, "{password}", "Passwords that wait to be hashed.");
        Observe("boxoffice.sold_out.latched", gauges.LatchesClosed, "{event}",
            "Events whose calls this front-end refuses by itself.");
        Observe(
            "boxoffice.stream.listeners", gauges.StreamListeners, "{connection}", "Connections that watch an event.");
        Observe("boxoffice.stream.events", gauges.StreamEvents, "{event}", "Events with listeners.");
    }

    private void Observe(string name, Func<int> read, string unit, string description) =>
        _meter.CreateObservableUpDownCounter(name, read, unit, description);

    public void Dispose() => _meter.Dispose();

    private readonly record struct Answer(string Code, StageTimes Times, int BatchCalls);
}
