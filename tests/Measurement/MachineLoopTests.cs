using Kernels.Measurement.Disassembly;
using Xunit;

namespace Kernels.Tests.Measurement;

public class MachineLoopTests
{
    private const string X64 = """
        ; Assembly listing for method Kernels.Flash.Tile:Multiply(byref) (FullOpts)
        ; Emitting BLENDED_CODE for generic X64 + VEX + EVEX on Unix

        G_M000_IG01:                ;; offset=0x0000
               push     rbp
               vmovups  zmm9, zmmword ptr [rbp-0x40]

        G_M000_IG02:                ;; offset=0x0010
               xor      eax, eax

        G_M000_IG03:                ;; offset=0x0020
               vfmadd231ps zmm0, zmm1, zmmword ptr [rdi]
               vmovups  zmmword ptr [rsp+0x40], zmm0
               vmovups  ymm2, ymmword ptr [rbp-0x40]
               mov      rcx, qword ptr [rsp+0x08]
               dec      eax
               jne      SHORT G_M000_IG03

        G_M000_IG04:                ;; offset=0x0030
               vfnmadd213ss xmm0, xmm1, xmm2
               vaddps   ymm0, ymm1, ymm2
               jl       G_M000_IG04
               dec      r8d
               jne      G_M000_IG02
               jmp      G_M000_IG05

        G_M000_IG05:                ;; offset=0x0040
               ret

        ; Total bytes of code 123
        """;

    private const string Arm64 = """
        ; Assembly listing for method Kernels.Flash.Tile:Multiply(byref) (FullOpts)

        G_M1234_IG03:        ; offset=0x0020
                    fmla    v0.4s, v1.4s, v2.s[0]
                    str     q0, [sp, #0x20]
                    ldr     q1, [fp, #0x10]
                    ldr     x2, [sp, #0x08]
                    sub     w0, w0, #1
                    cbnz    w0, G_M1234_IG03
                    ret     lr

        ; Total bytes of code 28
        """;

    [Fact]
    public void Innermost_loops_are_found_and_counted()
    {
        var method = new MachineMethod("Multiply", X64);

        Assert.Equal(123, method.Bytes);
        Assert.Equal([new MachineLoop(6, 1, 2, 512), new MachineLoop(3, 0, 0, 256)], method.InnermostLoops);
        Assert.Equal(method.InnermostLoops[0], method.HottestLoop);
    }

    [Fact]
    public void Arm_listings_are_read_as_well()
    {
        var method = new MachineMethod("Multiply", Arm64);

        Assert.Equal(new MachineLoop(6, 1, 2, 128), method.HottestLoop);
        Assert.Equal(28, method.Bytes);
    }

    [Fact]
    public void A_method_without_a_jump_back_has_no_loop()
    {
        var method = new MachineMethod("m", "G_M000_IG01:\n       je       G_M000_IG02\nG_M000_IG02:\n       ret\n");

        Assert.Null(method.HottestLoop);
        Assert.Equal(0, method.Bytes);
    }

    [Fact]
    public void Only_methods_of_kernels_compiled_after_the_mark_are_taken()
    {
        string listing = string.Concat(
            new[]
            {
                "Kernels.Flash.FlashKernels:.cctor() (FullOpts)", $"{ListingMark.Name} (FullOpts)", "Kernels.Abstractions.Kernel:Forward()",
                "System.Buffer:Memmove()", "System.Numerics.Tensors.TensorPrimitives:Dot()", "Kernels.Validation.FencedBuffer:.ctor()",
                "Kernels.Flash.Tile:Multiply(byref) (FullOpts)",
            }.Select(name => $"; Assembly listing for method {name}\n\nG_M000_IG01:\n       ret\n\n; Total bytes of code 1\n\n"));

        Assert.Equal(
            ["Kernels.Abstractions.Kernel:Forward()", "System.Numerics.Tensors.TensorPrimitives:Dot()", "Kernels.Flash.Tile:Multiply(byref) (FullOpts)"],
            JitListing.KernelMethods(listing).Select(method => method.Name));
        Assert.Empty(JitListing.KernelMethods(""));
    }
}
