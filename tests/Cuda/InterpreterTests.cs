using System.Runtime.InteropServices;
using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>What the interpreter must refuse, each in as few lines as it takes.</summary>
[RunsOnce]
public class InterpreterTests
{
    // Thread t has 4t in %rd3 and 16t in %rd4; %p0 is set in the lower half of a warp, %p1 in the first warp.
    private const string Start =
        """
        mov.u32 %r0, %tid.x;
        mul.wide.u32 %rd3, %r0, 4;
        mul.wide.u32 %rd4, %r0, 16;
        and.b32 %r1, %r0, 31;
        setp.lt.s32 %p0, %r1, 16;
        setp.lt.s32 %p1, %r0, 32;
        mov.f32 %f0, 0f3F800000;
        add.s64 %rd5, %rd1, %rd3;
        add.s64 %rd6, %rd0, %rd4;
        cvt.u32.u64 %r2, %rd4;
        mov.u32 %r3, 16;

        """;

    private const string FirstThread = "setp.eq.s32 %p2, %r0, 0;\n", LastThread = "setp.eq.s32 %p2, %r0, 63;\n";

    public static TheoryData<string, string> Faults => new()
    {
        { "OutOfBounds", "ld.global.f32 %f1, [%rd0+1024];" },
        { "OutOfBounds", "ld.global.f32 %f1, [%rd0+-4];" },
        { "OutOfBounds", "st.global.f32 [%rd0], %f0;" },
        { "OutOfBounds", "st.shared.f32 [%rd3+4096], %f0;" },
        { "OutOfBounds", "ld.param.u64 %rd7, [small_param_1+8];" },
        { "Misaligned", "ld.global.f32 %f1, [%rd0+2];" },
        // A register that was never set.
        { "Misaligned", "ld.global.f32 %f1, [%rd15];" },
        { "Misaligned", "ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd0+8];" },
        { "Misaligned", "st.shared.v4.f32 [%rd4+4], {%f0, %f0, %f0, %f0};" },
        { "Misaligned", "cp.async.cg.shared.global [%r2], [%rd6+8], 16, %r3;" },
        { "Misaligned", "cp.async.cg.shared.global [%r2], [%rd6+8], 16, 0;" },
        { "Misaligned", "cp.async.ca.shared.global [%r2], [%rd6+4], 8, 8;" },
        { "Uninitialised", "ld.shared.v4.f32 {%f1, %f2, %f3, %f4}, [%rd4];" },
        { "Race", "st.shared.f32 [shared_memory], %f0;" },
        { "Race", "st.shared.v4.f32 [%rd4], {%f0, %f0, %f0, %f0};\nld.shared.v4.f32 {%f1, %f2, %f3, %f4}, [shared_memory];" },
        {
            "Race",
            """
            st.shared.v4.f32 [%rd4], {%f0, %f0, %f0, %f0};
            bar.sync 0;
            ld.shared.v4.f32 {%f1, %f2, %f3, %f4}, [shared_memory];
            st.shared.v4.f32 [%rd4], {%f0, %f0, %f0, %f0};
            """
        },
        { "Race", "st.global.f32 [%rd1], %f0;" },
        { "Race", "st.global.f32 [%rd5], %f0;\nld.global.f32 %f1, [%rd1];" },
        // What others read is written: within a warp, and from another warp, of which the first has only met itself.
        { "Race", FirstThread + "@%p1 ld.global.f32 %f1, [%rd1];\n@%p2 st.global.f32 [%rd1], %f0;" },
        { "Race", LastThread + "ld.global.f32 %f1, [%rd1];\nbar.warp.sync -1;\n@%p2 st.global.f32 [%rd1], %f0;" },
        {
            "Race",
            """
            cp.async.cg.shared.global [%r2], [%rd6], 16, %r3;
            cp.async.commit_group;
            bar.sync 0;
            cp.async.wait_group 0;
            ld.shared.v4.f32 {%f1, %f2, %f3, %f4}, [shared_memory];
            """
        },
        {
            "InFlight",
            """
            cp.async.cg.shared.global [%r2], [%rd6], 16, %r3;
            cp.async.commit_group;
            ld.shared.v4.f32 {%f1, %f2, %f3, %f4}, [%rd4];
            """
        },
        {
            "InFlight",
            """
            cp.async.cg.shared.global [%r2], [%rd6], 16, %r3;
            cp.async.wait_group 0;
            ld.shared.v4.f32 {%f1, %f2, %f3, %f4}, [%rd4];
            """
        },
        { "InFlight", "cp.async.cg.shared.global [%r2], [%rd6], 16, %r3;\ncp.async.commit_group;" },
        { "InFlight", "cp.async.ca.shared.global [%r2], [%rd6], 8, 8;\ncp.async.commit_group;" },
        { "InFlight", "cp.async.cg.shared.global [%r2], [%rd6], 16, %r3;\nst.shared.f32 [%rd4], %f0;" },
        { "Divergent", "@%p0 bar.sync 0;" },
        { "Divergent", "@%p0 bar.warp.sync -1;" },
        { "Divergent", "@%p0 bra $one;\nbar.sync 0;\nbra.uni $end;\n$one:\nbar.sync 0;\n$end:" },
        { "Divergent", "@%p1 bra $one;\nbar.sync 0;\nbra.uni $end;\n$one:\nbar.sync 0;\n$end:" },
        { "Divergent", "@%p1 bra $end;\nbar.sync 0;\n$end:" },
        { "Divergent", "@%p0 ret;\nbar.sync 0;" },
        { "Divergent", "@%p0 bra $end;\nmma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%f1, %f2, %f3, %f4}, {%f1, %f2, %f3, %f4}, {%f1, %f2}, {%f1, "
            + "%f2, %f3, %f4};\n$end:" },
        { "Divergent", "@%p0 shfl.sync.bfly.b32 %f1, %f0, 1, 31, -1;" },
        { "Divergent", "selp.b32 %r4, -1, -2, %p0;\nshfl.sync.bfly.b32 %f1, %f0, 1, 31, %r4;" },
        { "Undefined", "shfl.sync.bfly.b32 %f1, %f0, 1, 31, 65535;" },
        { "Undefined", "@%p0 shfl.sync.bfly.b32 %f1, %f0, 16, 31, 65535;" },
        { "Undefined", "div.s32 %r4, %r0, 0;" },
        { "Undefined", "div.u32 %r4, %r0, 0;" },
        { "Undefined", "rem.u32 %r4, %r0, 0;" },
        // Addresses within shared memory that are not generic ones.
        { "OutOfBounds", "ld.f32 %f1, [%rd3];" },
        { "OutOfBounds", "st.f32 [%rd3], %f0;" },
        { "OutOfBounds", "ld.b32 %f1, [%rd0+1024];" },
        { "OutOfBounds", $"add.s64 %rd7, %rd3, {SmallPtx.Shared};\nst.f32 [%rd7+1024], %f0;" },
        { "Misaligned", "ld.v4.b32 {%r4, %r5, %r6, %r7}, [%rd0+8];" },
        { "Uninitialised", $"add.s64 %rd7, %rd3, {SmallPtx.Shared};\nld.f32 %f1, [%rd7];" },
        { "Race", "st.f32 [%rd1], %f0;" },
        { "Race", $"mov.u64 %rd7, {SmallPtx.Shared};\nst.f32 [%rd7], %f0;" },
        { "Race", "st.shared.f32 [%rd3], %f0;\nld.shared.f32 %f1, [shared_memory];" },
        { "Endless", "$again:\nbra.uni $again;" },
        { "Unknown", "add.sat.s32 %r4, %r0, 1;" },
        { "Unknown", "sin.approx.f32 %f1, %f0;" },
        { "Unknown", "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%f1, %f2, %f3, %f4}, {%f1, %f2}, {%f1}, {%f1, %f2, %f3, %f4};" },
        { "Unknown", "bar.sync 1;" },
        { "Unknown", "bar.warp.sync 65535;" },
        { "Unknown", "bar.sync 0, 64;" },
        { "Unknown", "@%p0 bra.uni $end;\n$end:" },
        { "Unknown", "cp.async.cg.shared.global [%r2], [%rd6], 8, %r3;" },
        { "Unknown", "cp.async.cg.shared.global [%r2], [%rd6], 16, 8;" },
        { "Unknown", "cp.async.ca.shared.global [%r2], [%rd6], 16, %r3;" },
        { "Unknown", "cp.async.ca.shared.global [%r2], [%rd6], 8, %r3;" },
        { "Unknown", "add.s32 %r4, %rd0, 1;" },
        { "Unknown", "add.s32 %r4, %r99, 1;" },
        { "Unknown", "add.s32 %r4, %r0;" },
        { "Unknown", "bra $nowhere;" },
        { "Unknown", "mov.u32 %r4, %clock;" },
        { "Unknown", "ld.global.v4.f32 {%f1, %f2}, [%rd0];" },
        { "Unknown", ".local .align 4 .b8 spill[16];" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_found_and_named(string complaint, string code)
    {
        PtxException found = Assert.Throws<PtxException>(() => Run(Start + code));

        Assert.Equal(complaint, found.Complaint.ToString());
        Assert.True(found.Line > 0);
    }

    [Theory]
    [InlineData("st.shared.v4.f32 [%rd4], {%f0, %f0, %f0, %f0};\nbar.sync 0;\nld.shared.v4.f32 {%f1, %f2, %f3, %f4}, [shared_memory];")]
    [InlineData("cp.async.cg.shared.global [%r2], [%rd6], 16, %r3;\ncp.async.commit_group;\ncp.async.wait_group 0;\nld.shared.v4.f32 {%f1, %f2, %f3, %f4}, "
        + "[%rd4];")]
    [InlineData("@%p0 shfl.sync.bfly.b32 %f1, %f0, 1, 31, 65535;")]
    [InlineData("@%p0 bra $low;\nadd.s32 %r4, %r0, 1;\n$low:\nbar.sync 0;")]
    [InlineData("st.global.f32 [%rd5], %f0;\nld.global.f32 %f1, [%rd5];")]
    [InlineData(FirstThread + "@%p1 ld.global.f32 %f1, [%rd1];\nbar.warp.sync -1;\n@%p2 st.global.f32 [%rd1], %f0;")]
    [InlineData(LastThread + "ld.global.f32 %f1, [%rd1];\nbar.sync 0;\n@%p2 st.global.f32 [%rd1], %f0;")]
    [InlineData("@%p1 ret;")]
    public void What_is_right_is_not_complained_about(string code) => Run(Start + code);

    [Fact]
    public void A_copy_of_nothing_writes_zeros_and_reads_nothing()
    {
        float[] output = Run(
            Start
            + """
            cp.async.cg.shared.global [%r2], [%rd6+65536], 16, 0;
            cp.async.commit_group;
            cp.async.wait_group 0;
            ld.shared.v4.f32 {%f1, %f2, %f3, %f4}, [%rd4];
            st.global.f32 [%rd5], %f4;
            """);

        Assert.All(output, number => Assert.Equal(0, number));
    }

    [Theory]
    [InlineData(1, 31)]
    [InlineData(2, 31)]
    [InlineData(16, 31)]
    [InlineData(33, 31)]
    [InlineData(16, 0x1803)]
    [InlineData(4, 0x1c1f)]
    [InlineData(4, 0x101f)]
    public void A_butterfly_stays_within_its_segment(int distance, int segment)
    {
        float[] output = Run(Start + $"cvt.rn.f32.u32 %f1, %r1;\nshfl.sync.bfly.b32 %f2, %f1, {distance}, {segment}, -1;\nst.global.f32 [%rd5], %f2;");

        for (int thread = 0; thread < output.Length; thread++)
        {
            // PTX ISA manual, shfl.sync: bval = b[4:0], cval = c[4:0], mask = c[12:8].
            int lane = thread % 32, bval = distance & 0x1f, cval = segment & 0x1f, mask = segment >> 8 & 0x1f;
            int maxLane = (lane & mask) | (cval & ~mask);
            int j = lane ^ bval;
            Assert.Equal(j <= maxLane ? j : lane, output[thread]);
        }
    }

    [Fact]
    public void Lanes_that_parted_meet_again()
    {
        // A loop as long as the lane's number, after which all lanes must be together for the product of all.
        float[] output = Run(
            Start
            + """
            mov.u32 %r4, 0;
            $again:
            add.s32 %r4, %r4, 1;
            setp.lt.s32 %p2, %r4, %r1;
            @%p2 bra $again;
            bar.sync 0;
            cvt.rn.f32.u32 %f1, %r4;
            st.global.f32 [%rd5], %f1;
            """);

        Assert.Equal(Enumerable.Range(0, output.Length).Select(thread => (float)Math.Max(1, thread % 32)), output);
    }

    private static float[] Run(string code)
    {
        const int Threads = 64;
        var memory = new GlobalMemory();
        float[] input = new float[Threads * 4];
        Allocation output = memory.Output(Threads * sizeof(float));
        Arguments arguments = new Arguments().Add(memory.Input(MemoryMarshal.AsBytes<float>(input))).Add(output);
        new Grid(1, 1, 1, Threads, Threads * 16).Run(SmallPtx.Entry(2, code), memory, arguments);
        return output.Floats.ToArray();
    }
}
