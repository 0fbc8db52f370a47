using Kernels.Abstractions;
using Kernels.Gpu.OpenCL;
using Xunit;
using static Kernels.Tests.Gpu.OpenClTesting;

namespace Kernels.Tests.Gpu;

[RunsOnce]
public class OpenClPeakTests
{
    /// <summary>The kernel does the work that is counted for it: its results say how many multiply-adds there were.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    public unsafe void Multiply_adds_are_as_many_as_counted(int iterations)
    {
        RequireDevice();
        const int Groups = 3, Items = 2;
        OpenClSession session = OpenClRuntime.Default.Session;
        int lanes = OpenClPeaks.Lanes(session.Device);
        float[] sums = new float[Groups * Items * lanes];
        lock (session.Lock)
        {
            OpenClPeaks.MultiplyAdds(session, Groups, Items, iterations, out DeviceBuffer result)();
            fixed (float* target = sums)
                result.Read(target, sizeof(float) * sums.Length);
        }

        for (int i = 0; i < sums.Length; i++)
        {
            float sum = 0;
            for (int chain = 0; chain < OpenClPeaks.Chains; chain++)
            {
                float x = i / lanes + chain;
                for (int step = 0; step < iterations; step++)
                    x = MathF.FusedMultiplyAdd(x, 0.5f, 0.5f);
                sum += x;
            }
            // Whether a device fuses is its own affair; these numbers are exact or nearly so either way.
            Assert.Equal(sum, sums[i], 1e-4f);
        }
    }

    [Fact]
    public void A_peak_is_a_rate_that_a_device_can_have()
    {
        RequireDevice();
        DevicePeaks peaks = Kernel("flash").Backend!.MeasurePeaks()!;

        Assert.Equal("float32 multiply-add", peaks.Arithmetic);
        Assert.InRange(peaks.Gflops, 0.1, 1e6);
        Assert.InRange(peaks.CopyGigabytesPerSecond, 0.01, 1e5);
    }
}
