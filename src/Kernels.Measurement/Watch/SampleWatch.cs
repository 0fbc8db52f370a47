using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Measurement.Watch;

/// <summary>
/// Watches the calls of samples: every call has numbers that none had before, one call of a sample, which the kernel cannot know, has one row
/// of its output poisoned before and copied at its return, and after the sample that row is compared with float64 for the inputs of that
/// call.
/// </summary>
internal sealed class SampleWatch
{
    // The comparison with float64 takes this part of the time of the samples, and at least one is made.
    private const double MostShare = 0.1;

    // A row that is still not written then never is.
    private const double SecondsToFinish = 0.1;

    private readonly WatchedRow row;
    private readonly Stopwatch sampling = new(), comparing = new();
    private CallerState thread = new();
    private int watched = -1, asGiven = -1;
    private ulong watchedState;

    /// <summary>Prepares for calls on these buffers.</summary>
    public SampleWatch(Kernel kernel, CallBuffers buffers, Inputs given)
    {
        Inputs = new SampleInputs(kernel.Info.Operation, buffers, given);
        row = new WatchedRow(kernel, buffers, given);
    }

    /// <summary>The inputs of the calls.</summary>
    public SampleInputs Inputs { get; }

    /// <summary>What rows are compared with; without it they must only be written.</summary>
    public Expectation? Expectation { get; set; }

    /// <summary>Before a sample.</summary>
    /// <param name="calls">Its calls.</param>
    /// <param name="endsAsGiven">Whether its last call has the inputs that were given, so that all of its output can be compared.</param>
    public void Begin(int calls, bool endsAsGiven)
    {
        thread = new CallerState();
        row.Choose(
            Expectation is { } expected && expected.Reference.SharesWork(expected.Problem),
            Expectation?.Reference.Reachable(Expectation.Problem, group: 0) ?? int.MaxValue);
        Inputs.Numbers.Choose(row.HeadIndex, row.Heads, row.Key);
        watched = Random.Shared.Next(calls);
        asGiven = endsAsGiven ? calls - 1 : -1;
        sampling.Start();
    }

    /// <summary>Before each call, within its time; the first of a sample is number 0.</summary>
    public void Before(int call)
    {
        if (call == asGiven)
            Inputs.Numbers.PutBack();
        else
            Inputs.Numbers.Renew();
        if (call != watched)
            return;
        watchedState = Inputs.Numbers.Calls;
        row.Poison();
    }

    /// <summary>After each call, within its time.</summary>
    public void After(int call)
    {
        if (call == watched)
            row.Copy();
    }

    /// <summary>After a sample: compares, and leaves the inputs as they were given.</summary>
    /// <exception cref="TimingException">A call did not do its work, or left something behind.</exception>
    public void End()
    {
        sampling.Stop();
        bool hadGiven = watched == asGiven;
        (watched, asGiven) = (-1, -1);
        try
        {
            thread.RequireUnchanged();
            if (row.IsUnwritten)
                throw Unwritten();
            if (Expectation is null || (comparing.Elapsed > MostShare * sampling.Elapsed && comparing.Elapsed > TimeSpan.Zero))
                return;
            comparing.Start();
            if (!hadGiven)
                Inputs.Numbers.Return(watchedState);
            string? wrong = row.WhyWrong(Expectation);
            comparing.Stop();
            if (wrong is not null)
                throw new TimingException(TimingFault.WrongResult, wrong);
        }
        finally
        {
            Inputs.Restore();
        }
    }

    private TimingException Unwritten()
    {
        long start = Stopwatch.GetTimestamp();
        while (row.IsUnwritten && Stopwatch.GetElapsedTime(start).TotalSeconds < SecondsToFinish)
        {
            Thread.Sleep(1);
            row.Copy();
        }
        // What is at work must not write into memory that is freed.
        Thread.Sleep(TimeSpan.FromSeconds(SecondsToFinish));
        return row.IsUnwritten
            ? new TimingException(TimingFault.NotWritten, $"a timed call did not write {row.Name} of its output")
            : new TimingException(TimingFault.Unfinished, $"a timed call returned before {row.Name} of its output was written");
    }
}
