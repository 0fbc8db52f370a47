using Kernels.Primitives;
using Xunit;

namespace Kernels.Tests.Simd;

public sealed class CacheSizeTests
{
    // Subleaves as an EPYC of the Zen 4 generation (0x8000001D) and a Xeon of the Skylake generation (4) report them.
    [Theory]
    [InlineData(0x4121, 0x01C0003F, 63, 1, 32L << 10)]
    [InlineData(0x4143, 0x01C0003F, 2047, 2, 1L << 20)]
    [InlineData(0x1C004143, 0x03C0003F, 1023, 2, 1L << 20)]
    public void A_subleaf_gives_ways_times_partitions_times_line_times_sets(int eax, int ebx, int ecx, int level, long bytes) =>
        Assert.Equal(bytes, CacheSize.Bytes((eax, ebx, ecx, 0), level));

    [Theory]
    [InlineData(0x4122, 1)]
    [InlineData(0x4143, 1)]
    [InlineData(0, 2)]
    public void Instructions_other_levels_and_the_end_of_the_list_are_no_answer(int eax, int level) =>
        Assert.Null(CacheSize.Bytes((eax, 0x01C0003F, 63, 0), level));

    [Fact]
    public void This_machine_has_a_second_level() => Assert.InRange(CacheSize.SecondLevel, 64 << 10, 1L << 30);
}
