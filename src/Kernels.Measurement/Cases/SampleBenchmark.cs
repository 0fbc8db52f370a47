using BenchmarkDotNet.Attributes;

namespace Kernels.Measurement.Cases;

/// <summary>
/// The benchmark class of <c>run</c> and <c>compare</c>: an iteration is a sample, whose single invocation makes all calls.
/// </summary>
public class SampleBenchmark
{
    /// <summary>The parameter.</summary>
    public SampleSequence Samples { get; set; } = null!;

    /// <summary>Before a sample, untimed.</summary>
    [IterationSetup]
    public void Begin() => Samples.Begin();

    /// <summary>The timed part.</summary>
    [Benchmark]
    public void Call() => Samples.Call();

    /// <summary>After a sample, untimed.</summary>
    [IterationCleanup]
    public void End() => Samples.End();
}
