namespace Kernels.Bench.Suites;

/// <summary>The suites of <c>run --suite</c>.</summary>
public static class AllSuites
{
    /// <summary>The suite of a <c>run</c> without a name.</summary>
    public static Suite Quick => QuickSuite.Suite;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Suite> All { get; } =
    [
        Quick, FullSuite.Suite, ReferenceSuite.Suite, DecodeSuite.Suite, LongSuite.Suite, SparseSuite.Suite, BackwardSuite.Suite, LayersSuite.Suite,
        LayersBackwardSuite.Suite, RecurrenceSuite.Suite, CapturedSuite.Suite, GpuSuite.Suite,
    ];
}
