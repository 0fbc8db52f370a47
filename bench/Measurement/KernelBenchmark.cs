using BenchmarkDotNet.Attributes;

namespace Kernels.Bench.Measurement;

/// <summary>The one benchmark class. Its parameter is the case at hand: <see cref="BenchmarkEngine"/> sets it before each run.</summary>
public class KernelBenchmark
{
    /// <summary>BenchmarkDotNet makes the class itself, so the case can reach it only as static data.</summary>
    internal static TimedCase? Current { get; set; }

    /// <summary>The parameter source.</summary>
    public static IEnumerable<TimedCase> Cases => Current is { } current ? [current] : [];

    /// <summary>The case that is measured.</summary>
    [ParamsSource(nameof(Cases))]
    public TimedCase Case { get; set; } = null!;

    /// <summary>Before a sample, outside the time.</summary>
    [IterationSetup]
    public void BeginSample() => Case.BeginSample();

    /// <summary>What is timed.</summary>
    [Benchmark]
    public void Forward() => Case.Forward();

    /// <summary>After a sample, outside the time.</summary>
    [IterationCleanup]
    public void EndSample() => Case.EndSample();
}
