using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>The counter counts right: accesses of one warp whose conflicts and sectors follow from the rule by hand.</summary>
[RunsOnce]
public class LaunchCountTests
{
    private const int SharedBytes = 8192;

    /// <summary>
    /// Thread t of one warp accesses shared memory at t · stride bytes. What is expected: the turns it takes, and those without conflicts.
    /// </summary>
    [Theory]
    // Successive words, every second, every 32nd: one turn, two, 32. An odd stride has no conflict.
    [InlineData("st.shared.f32 [%rd3], %f0;", 4, 1, 1)]
    [InlineData("st.shared.f32 [%rd3], %f0;", 8, 2, 1)]
    [InlineData("st.shared.f32 [%rd3], %f0;", 128, 32, 1)]
    [InlineData("st.shared.f32 [%rd3], %f0;", 132, 1, 1)]
    [InlineData("st.shared.f32 [%rd3], %f0;", 12, 1, 1)]
    // A generic address that is one of shared memory.
    [InlineData($"add.s64 %rd5, %rd3, {SmallPtx.Shared};\nst.f32 [%rd5], %f0;", 8, 2, 1)]
    // 16 lanes that write, the others not.
    [InlineData("setp.lt.s32 %p0, %r0, 16;\n@%p0 st.shared.f32 [%rd3], %f0;", 8, 1, 1)]
    [InlineData("setp.lt.s32 %p0, %r0, 16;\n@!%p0 st.shared.f32 [%rd3], %f0;", 128, 16, 1)]
    [InlineData("setp.lt.s32 %p0, %r0, 0;\n@%p0 st.shared.f32 [%rd3], %f0;", 128, 0, 0)]
    // 16 bytes a lane: four turns when each eight lanes want all banks, eight times as many when they want the same four.
    [InlineData("st.shared.v4.f32 [%rd3], {%f0, %f0, %f0, %f0};", 16, 4, 4)]
    [InlineData("st.shared.v4.f32 [%rd3], {%f0, %f0, %f0, %f0};", 32, 8, 4)]
    [InlineData("st.shared.v4.f32 [%rd3], {%f0, %f0, %f0, %f0};", 128, 32, 4)]
    [InlineData("setp.lt.s32 %p0, %r0, 12;\n@%p0 st.shared.v4.f32 [%rd3], {%f0, %f0, %f0, %f0};", 128, 12, 2)]
    [InlineData("cp.async.cg.shared.global [%r2], [%rd0], 16, %r3;\ncp.async.commit_group;\ncp.async.wait_group 0;", 16, 4, 4)]
    [InlineData("cp.async.cg.shared.global [%r2], [%rd0], 16, %r3;\ncp.async.commit_group;\ncp.async.wait_group 0;", 128, 32, 4)]
    // Without bytes to read the zeros are written all the same.
    [InlineData("cp.async.cg.shared.global [%r2], [%rd0], 16, 0;\ncp.async.commit_group;\ncp.async.wait_group 0;", 128, 32, 4)]
    [InlineData("cp.async.ca.shared.global [%r2], [%rd0], 8, 8;\ncp.async.commit_group;\ncp.async.wait_group 0;", 8, 2, 2)]
    public void Turns_of_a_write_are_those_of_its_fullest_bank(string code, int stride, int wavefronts, int minimum) =>
        AssertShared(Run(code, stride).All, wavefronts, minimum);

    [Theory]
    // The same word for all, and different words of different banks.
    [InlineData("ld.shared.f32 %f1, [shared_memory];", 4, 1, 1)]
    [InlineData("ld.shared.f32 %f1, [%rd3];", 4, 1, 1)]
    [InlineData("ld.shared.f32 %f1, [%rd3];", 8, 2, 1)]
    [InlineData("ld.shared.f32 %f1, [%rd3];", 128, 32, 1)]
    // The same 16 bytes for all are one turn for each eight lanes.
    [InlineData("ld.shared.v4.f32 {%f1, %f2, %f3, %f4}, [shared_memory];", 16, 4, 4)]
    [InlineData("ld.shared.v4.f32 {%f1, %f2, %f3, %f4}, [%rd3];", 16, 4, 4)]
    [InlineData("ld.shared.v4.f32 {%f1, %f2, %f3, %f4}, [%rd3];", 128, 32, 4)]
    // Rows of 128 bytes under each other, and rows of 16 and of 144 bytes.
    [InlineData("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%r4, %r5, %r6, %r7}, [%r2];", 128, 32, 4)]
    [InlineData("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%r4, %r5, %r6, %r7}, [%r2];", 128, 32, 4)]
    [InlineData("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%r4, %r5, %r6, %r7}, [%r2];", 64, 16, 4)]
    [InlineData("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%r4, %r5, %r6, %r7}, [%r2];", 16, 4, 4)]
    [InlineData("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%r4, %r5, %r6, %r7}, [%r2];", 144, 4, 4)]
    public void Turns_of_a_read_count_each_word_once(string load, int stride, int wavefronts, int minimum)
    {
        // Each thread writes what it reads; the first, what all read.
        string write = stride < 16 ? "st.shared.f32 [%rd3], %f0;\nbar.sync 0;" : "st.shared.v4.f32 [%rd3], {%f0, %f0, %f0, %f0};\nbar.sync 0;";
        LaunchCounts counts = Run($"{write}\n{load}", stride);

        AssertShared(counts.Of("ld"), wavefronts, minimum);
    }

    /// <summary>The rule of 8 bytes, which no kernel here uses: halves of the warp.</summary>
    [Theory]
    [InlineData(8, 2)]
    [InlineData(16, 4)]
    [InlineData(128, 32)]
    [InlineData(0, 2)]
    public void Eight_bytes_are_accessed_in_two_halves(int stride, int wavefronts)
    {
        ulong[] addresses = [.. Enumerable.Range(0, Warp.Lanes).Select(lane => (ulong)(lane * stride))];

        Assert.Equal((wavefronts, 2), new MemoryAccess(Space.Shared, 8, Warp.AllLanes, addresses).SharedWavefronts());
    }

    [Theory]
    [InlineData("ld.global.f32 %f1, [%rd5];", 4, 4, 4)]
    [InlineData("ld.global.f32 %f1, [%rd5+16];", 4, 5, 4)]
    [InlineData("ld.global.f32 %f1, [%rd5];", 8, 8, 4)]
    [InlineData("ld.global.f32 %f1, [%rd5];", 32, 32, 4)]
    [InlineData("ld.global.f32 %f1, [%rd5];", 128, 32, 4)]
    [InlineData("ld.global.f32 %f1, [%rd0];", 4, 1, 1)]
    [InlineData("ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd5];", 16, 16, 16)]
    [InlineData("ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd5+16];", 16, 17, 16)]
    [InlineData("ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd5];", 128, 32, 16)]
    [InlineData("setp.lt.s32 %p0, %r0, 3;\n@%p0 ld.global.f32 %f1, [%rd5];", 32, 3, 1)]
    [InlineData("cp.async.cg.shared.global [%r4], [%rd5], 16, %r3;\ncp.async.commit_group;\ncp.async.wait_group 0;", 16, 16, 16)]
    [InlineData("cp.async.cg.shared.global [%r4], [%rd5], 16, 0;\ncp.async.commit_group;\ncp.async.wait_group 0;", 16, 0, 0)]
    public void Sectors_are_counted_once_for_an_access(string code, int stride, int sectors, int minimum)
    {
        LineCounts counts = Run(code, stride).All;

        Assert.Equal((sectors == 0 ? 0 : 1, sectors, minimum), (counts.GlobalAccesses, counts.Sectors, counts.MinSectors));
    }

    [Fact]
    public void Instructions_are_counted_by_line_and_kind()
    {
        var counts = new LaunchCounts();
        PtxEntry entry = SmallPtx.Entry(
            0,
            """
            mov.u32 %r0, 0;
            $again:
            bar.sync 0;
            add.s32 %r0, %r0, 1;
            setp.lt.s32 %p0, %r0, 5;
            @%p0 bra $again;
            mov.u32 %r1, %tid.x;
            setp.lt.s32 %p1, %r1, 16;
            @%p1 bra $end;
            ex2.approx.ftz.f32 %f0, %f1;
            $end:
            cp.async.wait_group 0;
            """);

        long executed = new Grid(3, 1, 1, 64, 0) { Counts = counts }.Run(entry, new GlobalMemory(), new Arguments());

        // Six warps; of the two of a block the first has lanes that leave out the power.
        Assert.Equal(executed, counts.All.Issued);
        Assert.Equal(6 * 5, counts.Of(InstructionKind.Barrier).Issued);
        Assert.Equal(6 * (5 + 5 + 1), counts.Of(InstructionKind.Integer).Issued);
        Assert.Equal(6 * 2, counts.Of(InstructionKind.Move).Issued);
        Assert.Equal(6, counts.Of(InstructionKind.Exponential).Issued);
        Assert.Equal(6, counts.Of(InstructionKind.Wait).Issued);
        Assert.Equal(6 * (5 + 1 + 1), counts.Of(InstructionKind.Control).Issued);
        Assert.Equal(5 * 6, counts.Lines.Single(line => line.Statement.Opcode == "add.s32").Counts.Issued);
        Assert.Equal(0, counts.Of(InstructionKind.Matrix).Issued);
    }

    [Fact]
    public void Every_opcode_has_a_kind()
    {
        Assert.All(OpcodeTable.Opcodes, opcode => InstructionKinds.Of(opcode));
        Assert.Throws<ArgumentException>(() => InstructionKinds.Of("fma.rn.s32"));
        Assert.Equal(InstructionKind.Float, InstructionKinds.Of("setp.lt.f32"));
        Assert.Equal(InstructionKind.Integer, InstructionKinds.Of("setp.lt.s32"));
        Assert.Equal(InstructionKind.Float, InstructionKinds.Of("cvt.rn.f32.u32"));
    }

    private static void AssertShared(LineCounts counts, int wavefronts, int minimum)
    {
        Assert.Equal((wavefronts == 0 ? 0 : 1, wavefronts, minimum), (counts.SharedAccesses, counts.Wavefronts, counts.MinWavefronts));
        Assert.Equal(wavefronts - minimum, counts.Conflicts);
    }

    /// <summary>
    /// One warp. Thread t has t · stride in %rd3 and %r2, the address of the input as far on in %rd5, and 16 t in %r4.
    /// </summary>
    private static LaunchCounts Run(string code, int stride)
    {
        var counts = new LaunchCounts();
        var memory = new GlobalMemory();
        Allocation input = memory.Input(new byte[SharedBytes]);
        PtxEntry entry = SmallPtx.Entry(
            1,
            $"""
            mov.u32 %r0, %tid.x;
            mul.wide.u32 %rd3, %r0, {stride};
            cvt.u32.u64 %r2, %rd3;
            mov.u32 %r3, 16;
            mul.lo.s32 %r4, %r0, 16;
            add.s64 %rd5, %rd0, %rd3;
            mov.f32 %f0, 0f3F800000;
            {code}
            """);
        new Grid(1, 1, 1, Warp.Lanes, SharedBytes) { Counts = counts }.Run(entry, memory, new Arguments().Add(input));
        return counts;
    }
}
