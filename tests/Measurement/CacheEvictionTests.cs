using Kernels.Abstractions;
using Kernels.Measurement.Cases;
using Kernels.Measurement.Ceiling;
using Kernels.Naive;
using Xunit;

namespace Kernels.Tests.Measurement;

[Collection(nameof(Alone))]
public class CacheEvictionTests
{
    private const long Megabyte = 1 << 20;

    private static readonly Dictionary<string, long> caches = new() { ["L1"] = Megabyte / 32, ["L2"] = Megabyte, ["L3"] = 32 * Megabyte };

    [Fact]
    public void It_reads_four_times_what_the_largest_cache_holds()
    {
        Assert.Equal(128 * Megabyte, WorkingSet.BytesBeyondCaches(caches));
        Assert.Equal(4 * Megabyte, WorkingSet.BytesBeyondCaches(new Dictionary<string, long> { ["L2"] = Megabyte }));
        Assert.Equal(128 * Megabyte, WorkingSet.BytesBeyondCaches(new Dictionary<string, long>()));
    }

    [Fact]
    public void A_cold_start_allocates_nothing()
    {
        using var eviction = new CacheEviction();
        var kernel = new ThreePass();
        using IExecutor team = Executors.For(kernel, 2);
        using var start = new ColdStart(eviction, kernel, team, new AttentionProblem(1, 4, 2, 32, 32, 16, AttentionMask.Causal));
        start.Prepare();

        long before = GC.GetTotalAllocatedBytes(precise: true);
        start.Prepare();

        Assert.Equal(0, GC.GetTotalAllocatedBytes(precise: true) - before);
    }

    [Fact]
    public void A_kernel_that_refuses_a_small_problem_is_left_alone()
    {
        using var eviction = new CacheEviction();
        int calls = 0;
        var kernel = new KernelFrom("test-refuses", (_, _, _, _, _) => calls++) { Refusal = "only on Sundays" };

        using var start = new ColdStart(eviction, kernel, SerialExecutor.Instance, new AttentionProblem(1, 1, 1, 32, 32, 16));
        start.Prepare();

        Assert.Equal(0, calls);
    }

    [Fact]
    public void A_cold_plan_has_one_call_a_sample()
    {
        SamplePlan plan = SamplePlan.For(1e-6, 0.5).Cold;

        Assert.Equal((15, 1, 1), (plan.Samples, plan.CallsPerSample, plan.Warmups));
    }

    [Theory]
    [InlineData(64 << 10, 1, "L2")]
    [InlineData(16 << 10, 1, "L1")]
    [InlineData(2 << 20, 2, "L2")]
    [InlineData(2 << 20, 1, "L3")]
    [InlineData(64 << 20, 2, "DRAM")]
    [InlineData(1 << 30, 1, "DRAM")]
    public void A_problem_is_read_from_the_level_that_holds_it(long bytes, int threads, string level)
    {
        var warm = WorkingSet.ForProblem(bytes, caches, threads, cold: false);
        var cold = WorkingSet.ForProblem(bytes, caches, threads, cold: true);

        Assert.Equal(level, warm.Level);
        Assert.InRange(warm.FloatsPerThread * sizeof(float) * threads, Math.Min(bytes, 128 * Megabyte) * 0.9, Math.Min(bytes, 128 * Megabyte));
        Assert.Equal(("DRAM", 128 * Megabyte), (cold.Level, cold.FloatsPerThread * sizeof(float) * threads));
        Assert.Equal("memory", WorkingSet.ForProblem(bytes, new Dictionary<string, long>(), threads, cold: false).Level);
    }
}
