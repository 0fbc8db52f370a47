namespace Kernels.Measurement.Cases;

/// <summary>
/// Samples in order, one for each iteration of BenchmarkDotNet. It is the parameter of the benchmark, so each run of BenchmarkDotNet has
/// its own.
/// </summary>
public sealed class SampleSequence
{
    private readonly IReadOnlyList<Sample> samples;
    private readonly CancellationToken stop;
    private readonly double?[] ownNs;
    // Created once: a delegate created during a sample would count as its allocation.
    private readonly Action begin, call, end;
    private int current = -1;

    internal SampleSequence(IReadOnlyList<Sample> samples, CancellationToken stop)
    {
        this.samples = samples;
        this.stop = stop;
        ownNs = new double?[samples.Count];
        begin = BeginNext;
        call = () => ownNs[current] = samples[current].Of.Call(samples[current].Calls);
        end = () => samples[current].Of.EndSample(samples[current].Calls);
    }

    /// <summary>For the log of BenchmarkDotNet.</summary>
    public override string ToString() => string.Join(", ", samples.Select(sample => sample.Of.Name).Distinct());

    /// <summary>The exception of a sample, after which nothing more is called.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Nanoseconds of a call in a sample that took <paramref name="engineNs"/> by the clock of the engine.</summary>
    internal double NsPerCall(int index, double engineNs) => (ownNs[index] ?? engineNs) / samples[index].Calls;

    internal void Begin() => Guarded(begin);

    internal void Call() => Guarded(call);

    internal void End() => Guarded(end);

    private void BeginNext()
    {
        stop.ThrowIfCancellationRequested();
        Sample sample = samples[++current];
        sample.Before?.Invoke();
        sample.Of.BeginSample(sample);
    }

    // BenchmarkDotNet would replace an exception by its own, without the cause.
    private void Guarded(Action action)
    {
        if (Failure is not null)
            return;
        try
        {
            action();
        }
        catch (Exception failure)
        {
            Failure = failure;
        }
    }
}
