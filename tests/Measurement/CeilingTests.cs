using System.Runtime.Intrinsics;
using Kernels.Measurement.Ceiling;
using Kernels.Primitives;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Measurement;

[Collection(nameof(Alone))]
public class CeilingTests
{
    private const long Megabyte = 1 << 20;

    private static readonly Dictionary<string, long> caches = new() { ["L1"] = Megabyte / 32, ["L2"] = Megabyte / 4, ["L3"] = 4 * Megabyte };

    [Fact]
    public void Every_ceiling_is_measured_for_each_number_of_threads()
    {
        if (!Vector128.IsHardwareAccelerated)
            Assert.Skip("without vector instructions there is no ceiling to measure");

        Ceilings ceilings = CeilingMeasurement.Measure([1, 2], caches, 256 * Megabyte);

        Assert.All(ceilings.FmaPeaks, peak => Assert.InRange(peak.Gflops, 0.01, 1e6));
        Assert.All(ceilings.ReadBandwidths, read => Assert.InRange(read.GigabytesPerSecond, 0.01, 1e6));
        foreach (int threads in new[] { 1, 2 })
        {
            Assert.Equal(CeilingLoops.Supported().Select(loops => loops.InstructionSet), ceilings.FmaPeaks.Where(peak => peak.Threads == threads)
                .Select(peak => peak.InstructionSet));
            Assert.Equal(["L2", "L3", "DRAM"], ceilings.ReadBandwidths.Where(read => read.Threads == threads).Select(read => read.Level));
            Assert.NotNull(ceilings.PeakGflops(threads));
        }
        Assert.Null(ceilings.PeakGflops(3));
    }

    [Fact]
    public void Measuring_again_keeps_the_better_ceiling_and_tells_the_drift()
    {
        if (!Vector128.IsHardwareAccelerated)
            Assert.Skip("without vector instructions there is no ceiling to measure");
        string set = CeilingLoops.Supported()[0].InstructionSet;
        var impossible = new Ceilings
        {
            FmaPeaks = [new FmaPeak(set, 1, 1e9), new FmaPeak(set, 2, 1e-9)],
            ReadBandwidths = [new ReadBandwidth("L2", 1, 1 << 19, 1e9), new ReadBandwidth("L2", 2, 1 << 20, 1e-9)],
        };

        Ceilings again = CeilingMeasurement.MeasureAgain(impossible);

        Assert.Equal(1e9, again.PeakGflops(1));
        Assert.InRange(again.PeakGflops(2)!.Value, 0.01, 1e6);
        Assert.InRange(again.PeakDrift!.Value, -1, -0.99);
        Assert.Equal(1e9, again.ReadBandwidths[0].GigabytesPerSecond);
        Assert.Equal((2, 1 << 20), (again.ReadBandwidths[1].Threads, again.ReadBandwidths[1].WorkingSetBytes));
        Assert.InRange(again.ReadBandwidths[1].GigabytesPerSecond, 0.01, 1e5);
    }

    [Fact]
    public void The_multiply_add_loop_computes_what_it_counts()
    {
        // x ← 0.75·x + 1 from 0: 1, 1.75, 2.3125; twelve chains in each lane.
        Assert.Equal(12 * 4 * 2.3125f, FmaLoop.Run<Simd128, Vector128<float>>(3, 0));
        Assert.Equal(12 * 8 * 2.3125f, FmaLoop.Run<Simd256, Vector256<float>>(3, 0));
        Assert.Equal(2 * 12 * 8, FmaLoop.FlopsPerRound(8));
    }

    [Fact]
    public unsafe void The_read_loop_reads_everything_as_often_as_asked()
    {
        float[] values = [.. Enumerable.Range(0, 3 * ReadLoop.FloatsPerRound).Select(i => (float)(i % 7))];
        fixed (float* source = values)
        {
            Assert.Equal(2 * values.Sum(), ReadLoop.Run<Simd128, Vector128<float>>(source, values.Length, 2));
            Assert.Equal(2 * values.Sum(), ReadLoop.Run<Simd256, Vector256<float>>(source, values.Length, 2));
        }
    }

    [Fact]
    public void Working_sets_lie_within_their_level_and_beyond_the_one_below()
    {
        foreach (int threads in new[] { 1, 2, 4 })
        {
            IReadOnlyList<WorkingSet> sets = WorkingSet.ForLevels(caches, 256 * Megabyte, threads);

            Assert.Equal(["L2", "L3", "DRAM"], sets.Select(set => set.Level));
            Assert.InRange(sets[0].FloatsPerThread * sizeof(float), caches["L1"], caches["L2"]);
            Assert.InRange(sets[1].FloatsPerThread * sizeof(float) * threads, caches["L2"], caches["L3"]);
            Assert.InRange(sets[2].FloatsPerThread * sizeof(float) * threads, 2 * caches["L3"], 64 * Megabyte);
            Assert.All(sets, set => Assert.Equal(0, set.FloatsPerThread % ReadLoop.FloatsPerRound));
        }
    }

    [Fact]
    public void Levels_that_are_unknown_or_too_large_are_left_out()
    {
        Assert.Equal(["DRAM"], WorkingSet.ForLevels(new Dictionary<string, long>(), 1L << 34, 1).Select(set => set.Level));
        Assert.Equal(["L2", "L3"], WorkingSet.ForLevels(caches, 32 * Megabyte, 1).Select(set => set.Level));
        Assert.Equal(["L2", "DRAM"], WorkingSet.ForLevels(caches, 256 * Megabyte, 64).Select(set => set.Level));
    }

    [Fact]
    public void Bytes_are_read_from_the_nearest_level_that_holds_them()
    {
        var ceilings = new Ceilings
        {
            FmaPeaks = [],
            ReadBandwidths = [new("DRAM", 2, 1 << 27, 30), new("L3", 2, 1 << 24, 150), new("L2", 2, 1 << 20, 200), new("L2", 1, 1 << 19, 100)],
        };

        Assert.Equal(200, ceilings.Feeding(2 << 20, 2)?.GigabytesPerSecond);
        Assert.Equal(150, ceilings.Feeding((2 << 20) + 1, 2)?.GigabytesPerSecond);
        Assert.Equal(30, ceilings.Feeding((2 << 24) + 1, 2)?.GigabytesPerSecond);
        Assert.Equal(30, ceilings.Feeding(1L << 40, 2)?.GigabytesPerSecond);
        Assert.Equal(100, ceilings.Feeding(1, 1)?.GigabytesPerSecond);
        Assert.Null(ceilings.Feeding(1 << 21, 1));
    }

    /// <summary>A machine may hide the sizes of its caches; then no level but memory is measured.</summary>
    [Fact]
    public void Without_known_caches_only_what_surely_comes_from_memory_is_bounded_by_it()
    {
        var ceilings = new Ceilings { FmaPeaks = [], ReadBandwidths = [new(ReadBandwidth.Memory, 2, 1 << 27, 60)] };

        Assert.Null(ceilings.Feeding((1 << 27) - 1, 2));
        Assert.Equal(60, ceilings.Feeding(1 << 27, 2)?.GigabytesPerSecond);
    }
}
