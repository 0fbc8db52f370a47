using System.Text;
using Kernels.Gpu.Cuda;
using Kernels.Tests.Cuda;
using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Fuzz;

/// <summary>The interpreter that checks the CUDA kernels must refuse what it does not understand, and never guess.</summary>
[RunsOnce]
public sealed class PtxFuzzTests
{
    private static readonly string[] pieces =
    [
        ".reg .b32 %r<9>;", ".reg .b64 %rd<2147483647>;", ".reg .pred p;", "{", "}", "ret;",
        "bra $L__BB0_1;", "$L__BB0_1:", "@%p1", "@!%p1", "ld.param.u64 %rd1, [x_param_0];",
        "%r1", "%rd1", "%f1", "[%rd1+4]", "{%r1, %r2}", "0f3F800000", "0x", "4294967296", "-1",
        ".visible .entry x(", ".param .u64 x", ".maxntid 99999999999, 1, 1", ")", ",", ";", "//",
        ".extern .shared .align 0 .b8 s[];", ".address_size 32", ".version", "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32",
    ];

    [Fact]
    public void A_text_is_understood_or_refused_with_its_line()
    {
        // The shortest entries of the committed files: a whole file takes too long for many inputs.
        string[] entries = [.. CudaSource.Targets.Select(CudaSource.Ptx)
            .Select(Shortest), SmallPtx.Text(1, "add.s32 %r1, %r1, 1;\nld.global.f32 %f1, [%rd0+4];")];
        FuzzRun.Try("PTX", [.. entries.Select(Encoding.UTF8.GetBytes)], pieces,
            (input, _) => PtxModule.Parse(Encoding.UTF8.GetString(input)), error => error is PtxException);
    }

    private static string Shortest(string file)
    {
        string[] parts = file.Split(".visible ");
        return $"{parts[0]}.visible {parts.Skip(1).MinBy(part => part.Length)}";
    }
}
