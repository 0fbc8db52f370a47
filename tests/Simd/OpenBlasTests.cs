using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;
using Kernels.Simd;
using Xunit;

namespace Kernels.Tests.Simd;

public sealed unsafe class OpenBlasTests
{
    [Fact]
    public void A_library_that_is_absent_is_named()
    {
        OpenBlas.Library library = OpenBlas.Load(["libno-such-blas.so.0"]);
        Assert.StartsWith("libno-such-blas.so.0 not found", library.Unavailable);
        Assert.Null(library.Version);
    }

    [Fact]
    public void A_library_without_the_function_is_absent()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the C library has another name here");
        Assert.NotNull(OpenBlas.Load(["libc.so.6"]).Unavailable);
    }

    [Fact]
    public void The_kernel_says_why_it_cannot_run_or_the_library_its_version()
    {
        Assert.Equal(OpenBlas.Unavailable, new OpenBlasThreePass<Portable>().WhyNot(new AttentionProblem(1, 1, 1, 1, 1, 1)));
        if (OpenBlas.Unavailable is null)
        {
            Assert.Contains("OpenBLAS", OpenBlas.Version, StringComparison.Ordinal);
            Assert.False(string.IsNullOrWhiteSpace(OpenBlas.Core));
            Assert.Equal(1, OpenBlas.Threads);
        }
        else
        {
            Assert.Contains("not found", OpenBlas.Unavailable, StringComparison.Ordinal);
            Assert.Null(OpenBlas.Core);
        }
    }

    [Fact]
    public void A_product_overwrites_what_was_there()
    {
        Assert.SkipWhen(OpenBlas.Unavailable is not null, OpenBlas.Unavailable ?? "");
        float[] left = [1, 2, 3, 4], right = [5, 6, 7, 8], product = [float.NaN, float.NaN, float.NaN, float.NaN];
        fixed (float* a = left, b = right, c = product)
        {
            OpenBlas.Multiply(2, 2, 2, 10, a, b, transposeB: false, c);
            Assert.Equal([190, 220, 430, 500], product);
            OpenBlas.Multiply(2, 2, 2, 1, a, b, transposeB: true, c);
            Assert.Equal([17, 23, 39, 53], product);
        }
    }
}
