using System.Runtime.InteropServices;
using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>Instructions on awkward operands, with what the PTX ISA manual says of them.</summary>
[RunsOnce]
public class OpcodeTests
{
    [Theory]
    // "Performs addition" of integers without carry-out.
    [InlineData("add.u64", 0xffff_ffff_ffff_fffful, 2ul, 0ul, 1ul)]
    [InlineData("add.u64", 0x0000_0000_ffff_fffful, 1ul, 0ul, 0x1_0000_0000ul)]
    // The lower half of the product is added to.
    [InlineData("mad.lo.u64", 0x8000_0000_0000_0003ul, 4ul, 5ul, 17ul)]
    [InlineData("mad.lo.u64", 0xffff_fffful, 0xffff_fffful, 1ul, 0xffff_fffe_0000_0002ul)]
    public void Integers_of_64_bits(string opcode, ulong a, ulong b, ulong c, ulong expected) =>
        Assert.Equal(expected, Run($"{opcode} %rd4, %rd1, %rd2{(opcode.StartsWith("mad", StringComparison.Ordinal) ? ", %rd3" : "")};", a, b, c));

    [Theory]
    [InlineData("div.u32 %r3, %r1, %r2;", 0xffff_ffffu, 4u, 0x3fff_ffffu)]
    [InlineData("div.u32 %r3, %r1, %r2;", 0x8000_0000u, 0xffff_ffffu, 0u)]
    [InlineData("rem.u32 %r3, %r1, %r2;", 0xffff_fffeu, 4u, 2u)]
    [InlineData("rem.u32 %r3, %r1, %r2;", 7u, 8u, 7u)]
    [InlineData("setp.gt.u32 %p1, %r1, %r2;\nselp.b32 %r3, 1, 0, %p1;", 0xffff_ffffu, 1u, 1u)]
    [InlineData("setp.gt.u32 %p1, %r1, %r2;\nselp.b32 %r3, 1, 0, %p1;", 1u, 1u, 0u)]
    public void Integers_of_32_bits(string code, uint a, uint b, uint expected) =>
        Assert.Equal(expected, (uint)Run($"cvt.u32.u64 %r1, %rd1;\ncvt.u32.u64 %r2, %rd2;\n{code}\ncvt.u64.u32 %rd4, %r3;", a, b));

    /// <summary>Each half is a float, subnormal numbers too; the upper half of the register is cut off.</summary>
    [Theory]
    [InlineData(0x3c00u, 1f)]
    [InlineData(0x1234_7bffu, 65504f)]
    [InlineData(0x8001u, -1f / (1 << 24))]
    [InlineData(0xfc00u, float.NegativeInfinity)]
    [InlineData(0x7e00u, float.NaN)]
    public void Halves_become_floats_exactly(uint bits, float expected) => Assert.Equal(
        expected,
        BitConverter.UInt32BitsToSingle((uint)Run(
            "cvt.u32.u64 %r1, %rd1;\ncvt.u16.u32 %rs1, %r1;\ncvt.f32.f16 %f1, %rs1;\nmov.b32 %r3, %f1;\ncvt.u64.u32 %rd4, %r3;", bits)));

    /// <summary>IEEE 754 to the nearest, subnormal numbers included: .ftz is what would leave them out.</summary>
    [Theory]
    [InlineData(0x3f80_0000u, 0x4040_0000u, 0x3eaa_aaabu)]  // 1 / 3
    [InlineData(0x3f80_0000u, 0x0000_0000u, 0x7f80_0000u)]  // 1 / 0
    [InlineData(0xbf80_0000u, 0x0000_0000u, 0xff80_0000u)]  // −1 / 0
    [InlineData(0x0080_0000u, 0x4000_0000u, 0x0040_0000u)]  // 2⁻¹²⁶ / 2
    [InlineData(0x0000_0001u, 0x0000_0001u, 0x3f80_0000u)]  // 2⁻¹⁴⁹ / 2⁻¹⁴⁹
    [InlineData(0x3f80_0000u, 0x7f80_0000u, 0x0000_0000u)]  // 1 / ∞
    public void Quotients_of_floats_are_rounded_once(uint a, uint b, uint expected) => Assert.Equal(expected, Divide(a, b));

    [Theory]
    [InlineData(0x0000_0000u, 0x0000_0000u)]
    [InlineData(0x7f80_0000u, 0x7f80_0000u)]
    [InlineData(0x7fc0_0000u, 0x3f80_0000u)]
    public void Quotients_that_are_no_numbers_are_nan(uint a, uint b) => Assert.True(float.IsNaN(BitConverter.UInt32BitsToSingle(Divide(a, b))));

    /// <summary>The manual's table of special arguments; of the others the error is at most 2⁻²².</summary>
    [Theory]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(0f, 1f)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(-200f, 0f)]
    [InlineData(200f, float.PositiveInfinity)]
    public void Powers_of_special_arguments_are_exact(float argument, float expected)
    {
        Assert.Equal(expected, Power("ex2.approx.f32", argument));
        Assert.Equal(expected, Power("ex2.approx.ftz.f32", argument));
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(-1.5f)]
    [InlineData(-20.3f)]
    [InlineData(-125.9f)]
    [InlineData(1e-40f)]
    public void Powers_are_off_by_no_more_than_the_bound_and_by_some(float argument)
    {
        double exact = Math.Pow(2, argument);
        foreach (string opcode in (string[])["ex2.approx.f32", "ex2.approx.ftz.f32"])
            Assert.InRange(Math.Abs(Power(opcode, argument) / exact - 1), Math.ScaleB(1, -24), Math.ScaleB(1, -22) + Math.ScaleB(1, -24));
    }

    [Fact]
    public void Only_ftz_makes_small_powers_zero()
    {
        Assert.Equal(MathF.ScaleB(1, -130), Power("ex2.approx.f32", -130));
        Assert.Equal(0, Power("ex2.approx.ftz.f32", -130));
    }

    /// <summary>The manual's table of special arguments; between ½ and 2 the error is at most 2⁻²², elsewhere so in proportion.</summary>
    [Theory]
    [InlineData(0f, float.NegativeInfinity)]
    [InlineData(1e-40f, float.NegativeInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(-1f, float.NaN)]
    [InlineData(float.NaN, float.NaN)]
    public void Logarithms_of_special_arguments_are_exact(float argument, float expected) =>
        Assert.Equal(expected, Power("lg2.approx.ftz.f32", argument));

    [Theory]
    [InlineData(1f, 1)]
    [InlineData(0.75f, 1)]
    [InlineData(1.9f, 1)]
    [InlineData(1000f, 9.97)]
    [InlineData(1e-30f, 99.7)]
    public void Logarithms_are_off_by_no_more_than_the_bound_and_by_some(float argument, double unit) =>
        Assert.InRange(
            Math.Abs(Power("lg2.approx.ftz.f32", argument) - Math.Log2(argument)), unit * Math.ScaleB(1, -25),
            unit * (Math.ScaleB(1, -22) + Math.ScaleB(1, -23)));

    /// <summary>The first operand becomes the upper half, each rounded to nearest even.</summary>
    [Theory]
    [InlineData(0x3f80_0000u, 0x4040_0000u, 0x3f80_4040u)]
    [InlineData(0x3f80_8000u, 0x3f81_8000u, 0x3f80_3f82u)]
    [InlineData(0x3f80_8001u, 0x3f80_7fffu, 0x3f81_3f80u)]
    [InlineData(0x7f7f_ffffu, 0xff80_0000u, 0x7f80_ff80u)]
    [InlineData(0x7f80_0001u, 0x0000_0001u, 0x7fff_0000u)]
    public void Pairs_of_bfloat16_are_rounded_to_nearest_even(uint a, uint b, uint expected) => Assert.Equal(
        expected,
        (uint)Run(OfFloats("cvt.rn.bf16x2.f32 %r3, %f1, %f2;"), a, b));

    [Theory]
    [InlineData("geu", 1f, 2f, 0)]
    [InlineData("geu", 2f, 1f, 1)]
    [InlineData("geu", 1f, 1f, 1)]
    [InlineData("geu", float.NaN, 1f, 1)]
    [InlineData("geu", 1f, float.NaN, 1)]
    [InlineData("neu", 1f, 2f, 1)]
    [InlineData("neu", 1f, 1f, 0)]
    [InlineData("neu", float.NaN, float.NaN, 1)]
    public void An_unordered_comparison_holds_with_nan(string comparison, float a, float b, uint expected) => Assert.Equal(
        expected,
        (uint)Run(
            OfFloats($"setp.{comparison}.f32 %p1, %f1, %f2;\nselp.b32 %r3, 1, 0, %p1;"),
            BitConverter.SingleToUInt32Bits(a), BitConverter.SingleToUInt32Bits(b)));

    [Theory]
    [InlineData(7, 3, 1)]
    [InlineData(-7, 3, -1)]
    [InlineData(7, -3, 1)]
    public void Remainders_have_the_sign_of_the_dividend(int a, int b, int expected) => Assert.Equal(
        (uint)expected, (uint)Run("cvt.u32.u64 %r1, %rd1;\ncvt.u32.u64 %r2, %rd2;\nrem.s32 %r3, %r1, %r2;\ncvt.u64.u32 %rd4, %r3;", (uint)a, (uint)b));

    [Theory]
    [InlineData($"mov.u64 %rd4, {SmallPtx.Shared};\nst.f32 [%rd4+8], %f0;\nld.shared.f32 %f1, [shared_memory+8];")]
    [InlineData($"st.shared.f32 [shared_memory+8], %f0;\nmov.u64 %rd4, {SmallPtx.Shared};\nld.f32 %f1, [%rd4+8];")]
    [InlineData($"mov.u64 %rd4, {SmallPtx.Shared};\nst.f32 [%rd4+4], %f0;\nld.b32 %f1, [%rd4+4];")]
    [InlineData("ld.v4.b32 {%f2, %f3, %f4, %f1}, [%rd0+-16];\nld.f32 %f1, [%rd0+-4];\nld.v4.b32 {%f2, %f3, %f1, %f4}, [%rd0+-16];")]
    public void Generic_addresses_reach_both_memories(string code)
    {
        // What the three loads of the last case end with is the third number.
        float[] input = [1, 2, 3, 4];
        var memory = new GlobalMemory();
        Allocation numbers = memory.Input(MemoryMarshal.AsBytes<float>(input)), output = memory.Output(sizeof(float));
        new Grid(1, 1, 1, Warp.Lanes, 64).Run(
            SmallPtx.Entry(2, $"add.s64 %rd0, %rd0, 16;\nmov.f32 %f0, 0f40400000;\n{OneThread}\n{code}\nst.global.f32 [%rd1], %f1;\n$end:"),
            memory, new Arguments().Add(numbers).Add(output));
        Assert.Equal(3, output.Floats[0]);
    }

    [Fact]
    public void Places_in_a_block_have_two_dimensions()
    {
        var memory = new GlobalMemory();
        Allocation output = memory.Output(64 * sizeof(float));
        new Grid(1, 1, 1, 64, 40) { ThreadsX = 16 }.Run(
            SmallPtx.Entry(
                1,
                """
                mov.u32 %r0, %tid.x;
                mov.u32 %r1, %tid.y;
                mov.u32 %r2, %ntid.y;
                mov.u32 %r3, %dynamic_smem_size;
                mul.lo.s32 %r4, %r1, 16;
                add.s32 %r4, %r4, %r0;
                mul.wide.u32 %rd1, %r4, 4;
                add.s64 %rd1, %rd0, %rd1;
                mul.lo.s32 %r1, %r1, 100;
                add.s32 %r0, %r0, %r1;
                mul.lo.s32 %r2, %r2, 1000;
                add.s32 %r0, %r0, %r2;
                mul.lo.s32 %r3, %r3, 10000;
                add.s32 %r0, %r0, %r3;
                cvt.rn.f32.u32 %f0, %r0;
                st.global.f32 [%rd1], %f0;
                """),
            memory, new Arguments().Add(output));

        Assert.Equal(Enumerable.Range(0, 64).Select(thread => thread % 16 + thread / 16 * 100 + 4000 + 400_000f), output.Floats.ToArray());
    }

    /// <summary>Where shared memory begins, nothing is known but the alignment that was declared.</summary>
    [Fact]
    public void Shared_memory_is_aligned_as_declared_and_no_better()
    {
        var shared = new SharedMemory(64, alignment: 4);
        shared.Write(1, 0, 16, 4);

        Assert.Equal(PtxComplaint.Misaligned, Assert.Throws<PtxException>(() => shared.Write(1, 0, 16, 16).Length).Complaint);
    }

    // All threads would write the same output.
    private const string OneThread = "mov.u32 %r0, %tid.x;\nsetp.gt.s32 %p0, %r0, 0;\n@%p0 bra $end;";

    private static uint Divide(uint a, uint b) =>
        (uint)Run(OfFloats("div.rn.f32 %f3, %f1, %f2;\nmov.b32 %r3, %f3;"), a, b);

    /// <summary>Code on the floats %f1 and %f2, whose bits are the first two operands, and the result of which is %r3.</summary>
    private static string OfFloats(string code) =>
        $"cvt.u32.u64 %r1, %rd1;\ncvt.u32.u64 %r2, %rd2;\nmov.b32 %f1, %r1;\nmov.b32 %f2, %r2;\n{code}\ncvt.u64.u32 %rd4, %r3;";

    private static float Power(string opcode, float argument) =>
        BitConverter.UInt32BitsToSingle((uint)Run(
            $"cvt.u32.u64 %r1, %rd1;\nmov.b32 %f1, %r1;\n{opcode} %f3, %f1;\nmov.b32 %r3, %f3;\ncvt.u64.u32 %rd4, %r3;",
            BitConverter.SingleToUInt32Bits(argument)));

    /// <summary>What a piece of code leaves in %rd4, with its operands in %rd1, %rd2 and %rd3.</summary>
    private static ulong Run(string code, params ulong[] operands)
    {
        var memory = new GlobalMemory();
        Allocation output = memory.Output(sizeof(ulong));
        Arguments arguments = new Arguments().Add(output);
        foreach (ulong operand in operands)
            arguments.Add(operand);
        const string Store =
            """
            cvt.u32.u64 %r5, %rd4;
            shr.s64 %rd4, %rd4, 32;
            cvt.u32.u64 %r6, %rd4;
            mov.b32 %f5, %r5;
            mov.b32 %f6, %r6;
            st.global.v2.f32 [%rd0], {%f5, %f6};
            """;
        new Grid(1, 1, 1, Warp.Lanes, 0).Run(SmallPtx.Entry(operands.Length + 1, $"{OneThread}\n{code}\n{Store}\n$end:"), memory, arguments);
        return MemoryMarshal.Read<ulong>(MemoryMarshal.AsBytes(output.Floats));
    }
}
