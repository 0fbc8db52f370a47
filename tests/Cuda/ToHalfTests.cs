using System.Runtime.InteropServices;
using Kernels.Gpu.Cuda;
using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Cuda;

[RunsOnce]
public class ToHalfTests
{
    private static readonly float[] awkward =
    [
        0, -0f, 1, -1, 65504, 65519.99f, 65520, -65520, 1e30f, float.PositiveInfinity, float.NegativeInfinity, 6.1e-5f, 5.96e-8f, 2.98e-8f,
        2.99e-8f, 1e-40f, 1.00048828125f, 1.00146484375f, 2049, 2051, 0.1f,
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(2050)]
    public void Numbers_are_rounded_to_nearest_even_at_every_length(int count)
    {
        var random = new Random(count);
        float[] source = [.. Enumerable.Range(0, count).Select(i => i < awkward.Length ? awkward[i] : (float)(random.NextDouble() * 100 - 50))];
        var memory = new GlobalMemory();
        Allocation target = memory.Output(count * 2);
        CudaEntry entry = CudaEntries.ToHalf;
        Arguments arguments = new Arguments().Add(memory.Input(MemoryMarshal.AsBytes<float>(source))).Add(target).Add((long)count);

        new Grid((count + entry.TileRows - 1) / entry.TileRows, 1, 1, entry.Threads, entry.SharedBytes)
            .Run(CudaModule.Entry(entry), memory, arguments);

        Assert.Equal(source.Select(x => (Half)x), target.Halves.ToArray());
    }
}
