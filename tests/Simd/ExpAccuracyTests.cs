using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using Kernels.Primitives;
using Xunit;

namespace Kernels.Tests.Simd;

public sealed class ExpAccuracyTests
{
    // A prime, so that the floats tried differ in all their bits.
    private const int Stride = 10007;

    private static readonly IReadOnlyList<ExpError> errors = ExpAccuracy.Measure(Stride);

    [Fact]
    public void Every_width_of_this_machine_is_measured()
    {
        Assert.Contains(errors, error => error.VectorBits == 128);
        Assert.Equal(Vector256.IsHardwareAccelerated, errors.Any(error => error.VectorBits == 256));
        Assert.Equal(Vector512.IsHardwareAccelerated, errors.Any(error => error.VectorBits == 512));
    }

    [Fact]
    public void Powers_of_two_are_within_the_documented_error() =>
        Assert.All(errors.Where(error => error.Function == "2^x"), error =>
        {
            Assert.InRange(error.MaxUlp, 0.5, HasFma ? 1.8 : 2.3);
            Assert.InRange(error.MaxRelative, 3e-8, 2e-7);
        });

    [Fact]
    public void Factored_powers_of_two_are_within_the_documented_error()
    {
        Assert.SkipUnless(Vector512.IsHardwareAccelerated, "needs AVX-512");
        ExpError error = Assert.Single(errors, error => error.Function == "2^x, factored");
        Assert.InRange(error.MaxUlp, 0.5, 6);
        Assert.InRange(error.MaxRelative, 3e-8, 3.5e-7);
    }

    [Fact]
    public void Exponentials_are_within_the_documented_error()
    {
        Assert.SkipUnless(HasFma, "without fused multiply-add, e^x loses what the product x·log₂ e rounds away");
        Assert.All(errors.Where(error => error.Function == "e^x"), error => Assert.InRange(error.MaxUlp, 0.5, 2.6));
    }

    [Fact]
    public void What_is_too_small_for_a_normal_float_stays_below_it() =>
        Assert.All(errors, error => Assert.InRange(error.MaxAbsoluteBelow, 0, Math.ScaleB(1, -126)));

    [Fact]
    public void Special_values_are_right() => Assert.All(errors, error => Assert.True(error.SpecialValuesRight, error.ToString()));

    [Fact]
    public void The_reference_is_far_more_accurate_than_float32()
    {
        double[] x = [.. Enumerable.Range(-87_000, 175_000).Select(i => i * 1e-3)];
        double[] powers = new double[x.Length], exponentials = new double[x.Length];
        ExpAccuracy.ExactPowers(x, powers);
        ExpAccuracy.ExactExponentials(x, exponentials);
        for (int i = 0; i < x.Length; i++)
        {
            Assert.InRange(powers[i] / Math.Pow(2, x[i]), 1 - 1e-13, 1 + 1e-13);
            Assert.InRange(exponentials[i] / Math.Exp(x[i]), 1 - 1e-13, 1 + 1e-13);
        }
    }

    private static bool HasFma => Fma.IsSupported || AdvSimd.IsSupported;
}
