using Kernels.Gpu.Cuda;
using Xunit;

namespace Kernels.Tests.Cuda;

[RunsOnce]
public class LiveRegisterTests
{
    /// <summary>The address counts for two; a number is needed from where it is written to its last use, through loops too.</summary>
    [Theory]
    [InlineData("mov.f32 %f0, 0f00000000;\nmov.f32 %f1, 0f00000000;\nadd.f32 %f2, %f0, %f1;\nst.global.f32 [%rd0], %f2;", 4)]
    [InlineData("mov.f32 %f0, 0f00000000;\nadd.f32 %f1, %f0, %f0;\nadd.f32 %f2, %f1, %f1;\nst.global.f32 [%rd0], %f2;", 3)]
    [InlineData(
        "mov.f32 %f0, 0f00000000;\nmov.u32 %r0, 0;\n$again:\nadd.f32 %f1, %f0, %f0;\nadd.s32 %r0, %r0, 1;\nsetp.lt.s32 %p0, %r0, 5;\n"
        + "@%p0 bra $again;\nst.global.f32 [%rd0], %f1;",
        5)]
    [InlineData("mov.f32 %f0, 0f00000000;\nmov.f32 %f1, 0f00000000;\nsetp.lt.f32 %p0, %f0, %f0;\n@%p0 mov.f32 %f1, %f0;\nst.global.f32 [%rd0], %f1;", 4)]
    public void Numbers_that_are_still_needed_are_counted(string code, int most) => Assert.Equal(most, LiveRegisters.Most(SmallPtx.Entry(1, code)));

    /// <summary>A thread has 255. 64 are parts of scores and 64 of outputs, so that little is left for what could be computed again.</summary>
    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    public void Tiles_of_registers_in_float32_leave_room_for_all_else(int headDim) =>
        Assert.InRange(LiveRegisters.Most(CudaModule.Entry(CudaEntries.FlashF32(headDim))), 128, 245);
}
