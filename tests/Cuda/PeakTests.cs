using Kernels.Gpu.Cuda;
using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>The peak kernels do the work that is counted for them: their results say how many products were added.</summary>
[RunsOnce]
public class PeakTests
{
    private const int Blocks = 2;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Multiply_adds_are_as_many_as_counted(int iterations)
    {
        const float Factor = 0.5f;
        Assert.Equal(CudaEntries.PeakFmaFlops, 16 * 8 * 2);

        float[] output = Run(CudaEntries.PeakFma, iterations, Factor);

        for (int i = 0; i < output.Length; i++)
        {
            float sum = 0;
            for (int chain = 0; chain < 16; chain++)
            {
                float x = i % CudaEntries.PeakFma.Threads + chain;
                for (int step = 0; step < 8 * iterations; step++)
                    x = MathF.FusedMultiplyAdd(x, Factor, Factor);
                sum += x;
            }
            Assert.Equal(sum, output[i]);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void Products_are_as_many_as_counted(int iterations)
    {
        const uint Ones = 0x3c003c00;
        float[] output = Run(CudaEntries.PeakMma, iterations, Ones);

        // Every product of ones adds 16 to each of its 16 × 8 sums, of which a lane holds four; the sums start at 0 … 7.
        float products = CudaEntries.PeakMmaFlops / (2 * 16 * 8 * 16) * iterations;
        Assert.All(output, sum => Assert.Equal(4 * (28 + products * 16), sum));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Products_of_warpgroups_are_as_many_as_counted(int iterations)
    {
        const uint Ones = 0x3c003c00;
        float[] output = Run(CudaEntries.PeakWgmma, iterations, Ones);

        // Every product of ones adds 16 to each of its 64 × 128 sums, of which a lane holds 64; the sums start at 0 … 15, four of each.
        float products = CudaEntries.PeakWgmmaFlops / (2 * 2 * 64 * 128 * 16) * iterations;
        Assert.All(output, sum => Assert.Equal(4 * 120 + 64 * products * 16, sum));
    }

    private static float[] Run<T>(CudaEntry entry, int iterations, T last) where T : unmanaged
    {
        var memory = new GlobalMemory();
        Allocation output = memory.Output(Blocks * entry.Threads * sizeof(float));
        new Grid(Blocks, 1, 1, entry.Threads, entry.SharedBytes)
            .Run(CudaModule.Entry(entry), memory, new Arguments().Add(output).Add(iterations).Add(last));
        return output.Floats.ToArray();
    }
}
