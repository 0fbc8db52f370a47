using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>What hardware leaves undefined about products of warpgroups, each in as few lines as it takes.</summary>
[RunsOnce]
public class WarpgroupFaultTests
{
    private const string Fence = "wgmma.fence.sync.aligned;\n", Commit = "\nwgmma.commit_group.sync.aligned;\n", Wait = "\nwgmma.wait_group.sync.aligned 0;\n";

    private static readonly SmallWgmma product = new(64, "f16", LeftInRegisters: true, Transposed: false);
    private static readonly SmallWgmma bothShared = product with { LeftInRegisters = false };

    // %p0 is set in the first warp, %p1 in the lower half of each.
    private const string Predicates = "setp.lt.s32 %p0, %r0, 32;\nand.b32 %r1, %r0, 31;\nsetp.lt.s32 %p1, %r1, 16;\n";

    public static TheoryData<string, string> Faults => new()
    {
        // Registers.
        { "Unfenced", product.Start + Commit + Wait },
        { "Unfenced", Fence + "add.f32 %f5, %f5, %f5;\n" + product.Start + Commit + Wait },
        { "Unfenced", Fence + "mov.b32 %f70, %f64;\n" + product.Start + Commit + Wait },
        { "InFlight", Fence + product.Start + Commit },
        { "InFlight", Fence + product.Start + Wait },
        { "InFlight", Fence + product.Start + Commit + "add.f32 %f70, %f5, %f5;\n" + Wait },
        { "InFlight", Fence + product.Start + Commit + "mov.f32 %f5, 0f00000000;\n" + Wait },
        { "InFlight", Fence + product.Start + Commit + "mov.f32 %f64, 0f00000000;\n" + Wait },
        { "InFlight", Fence + product.Start + Commit + "mov.b32 %f70, %f67;\n" + Wait },
        { "InFlight", Fence + product.Start + Commit + product.Start + Commit + Wait },
        { "InFlight", Fence + bothShared.Start + Commit + bothShared.Start.Replace("%f0, %f1,", "%f1, %f0,") + Commit + Wait },
        { "InFlight", Fence + product.Start + Commit + "wgmma.wait_group.sync.aligned 1;" },
        { "InFlight", Fence + product.Start + Commit + "ret;" },
        { "InFlight", Fence + product.Start + "\nret;" },
        // Shared memory.
        { "Race", Fence + product.Start + Commit + "st.shared.f32 [%rd6+8192], %f70;\n" + Wait },
        { "Race", Fence + product.Start + Commit + "bar.sync 0;\nst.shared.f32 [%rd6+8192], %f70;\n" + Wait },
        { "Race", Fence + product.Start + Commit + Wait + "st.shared.f32 [%rd6+8192], %f70;" },
        { "Race", Fence + product.Start + Commit + "mov.u32 %r2, 8192;\ncp.async.cg.shared.global [%r2], [%rd0], 16, 0;\n" + Wait },
        { "Race", "st.shared.f32 [%rd6+8192], %f70;\nfence.proxy.async.shared::cta;\n" + Fence + product.Start + Commit + Wait },
        { "Unfenced", "st.shared.f32 [%rd6+8192], %f70;\nbar.sync 0;\nfence.proxy.async.shared::cta;\n" + Fence + product.Start + Commit + Wait },
        { "Unfenced", "st.shared.f32 [%rd6+8192], %f70;\nbar.sync 0;\n" + Fence + product.Start + Commit + Wait },
        // Warps and lanes.
        { "Divergent", Fence + "@%p0 bra $end;\n" + product.Start + Commit + Wait + "$end:" },
        { "Divergent", Fence + "@%p1 bra $end;\n" + product.Start + Commit + Wait + "$end:" },
        { "Divergent", Fence + "selp.b32 %r3, 2, 0, %p0;\ncvt.u64.u32 %rd8, %r3;\nadd.s64 %rd5, %rd5, %rd8;\n" + product.Start + Commit + Wait },
        { "Undefined", Fence + "selp.b32 %r3, 2, 0, %p1;\ncvt.u64.u32 %rd8, %r3;\nadd.s64 %rd5, %rd5, %rd8;\n" + product.Start + Commit + Wait },
        // Descriptors: no swizzle, a start within its pattern, a row that ends before the matrix does, and shared memory that ends.
        { "Misaligned", "shl.b64 %rd5, %rd5, 4;\nshr.u64 %rd5, %rd5, 4;\n" + product.Right },
        { "Misaligned", "add.s64 %rd5, %rd5, 8;\n" + product.Right },
        { "Misaligned", "add.s64 %rd5, %rd5, 7;\n" + product.Right },
        { "OutOfBounds", "add.s64 %rd5, %rd5, 512;\n" + product.Right },
        { "Unknown", product.Right.Replace("1, 1, 0;", "1, -1, 0;") },
        { "Unknown", bothShared.Right.Replace("1, 1, 0, 0;", "1, 1, 1, 0;") },
        { "Unknown", product.Right.Replace("n64k16", "n32k16") },
        { "Unknown", product.Right.Replace("setp.ne.b32 adds", "setp.ne.b32 subtracts") },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_found_and_named(string complaint, string program)
    {
        PtxException found = Assert.Throws<PtxException>(() => Run(Predicates + program));

        Assert.True(complaint == found.Complaint.ToString(), $"{found.Complaint}: {found.Message}");
    }

    public static TheoryData<string> RightPrograms =>
    [
        product.Right,
        bothShared.Right,
        // Products into the same sums keep their order.
        Fence + bothShared.Start + "\n" + bothShared.Start + Commit + Wait,
        Fence + bothShared.Start + Commit + bothShared.Start + Commit + Wait,
        // Other registers may be used meanwhile, and other shared memory.
        Fence + product.Start + Commit + "add.f32 %f70, %f71, %f72;\nst.shared.f32 [%rd6], %f70;\n" + Wait,
        // Once all warps have waited and met, what was read may be written.
        product.Right + "\nbar.sync 0;\nst.shared.f32 [%rd6+8192], %f70;",
        "st.shared.f32 [%rd6+8192], %f70;\nfence.proxy.async.shared::cta;\nbar.sync 0;\n" + product.Right,
    ];

    [Theory]
    [MemberData(nameof(RightPrograms))]
    public void What_is_right_is_not_complained_about(string program) => Run(Predicates + program);

    [Fact]
    public void Shared_memory_that_was_not_shown_is_found() =>
        Assert.Equal(PtxComplaint.Unfenced, Assert.Throws<PtxException>(() => Run(product.Right, shows: false)).Complaint);

    [Fact]
    public void Fewer_than_four_warps_multiply_nothing_together() =>
        Assert.Equal(PtxComplaint.Divergent, Assert.Throws<PtxException>(() => Run(Fence + product.Start + Commit + Wait, threads: 64)).Complaint);

    // The left factor at 0, the right one at 8 KiB, 16 KiB in all.
    private static void Run(string program, bool shows = true, int threads = SmallWgmma.Threads) => product.Run(
        program, new byte[16 << 10], new ushort[SmallWgmma.Threads * 8], new float[SmallWgmma.Threads * 32], SmallWgmma.Descriptor(0, 16, 1024),
        SmallWgmma.Descriptor(8192, 16, 1024), threads, shows);
}
