using BenchmarkDotNet.Attributes;

namespace Kernels.Measurement.Cases;

/// <summary>
/// What BenchmarkDotNet runs for <c>run</c> and <c>compare</c>: an iteration is a sample, with one invocation that makes all its calls.
/// </summary>
public class SampleBenchmark
{
    /// <summary>The parameter.</summary>
    public SampleSequence Samples { get; set; } = null!;

    /// <summary>Before a sample, outside the time.</summary>
    [IterationSetup]
    public void Begin() => Samples.Begin();

    /// <summary>What is timed.</summary>
    [Benchmark]
    public void Call() => Samples.Call();

    /// <summary>After a sample, outside the time.</summary>
    [IterationCleanup]
    public void End() => Samples.End();
}
