using Kernels.Abstractions;
using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda;

/// <summary>What a device can do at most: independent multiply-adds or tensor-core products, and copies within its memory.</summary>
internal static class CudaPeaks
{
    // Enough blocks for every multiprocessor to hide what an instruction waits for, several times over.
    private const int BlocksPerMultiprocessor = 16;

    private const int Repetitions = 5;

    /// <summary>Some milliseconds on a large device.</summary>
    public const int Iterations = 4096;

    private const uint TwoHalvesOfATenth = 0x2E662E66;

    // Far more than the L2 cache of any device, and little beside its memory.
    private const long CopyBytes = 512L << 20;

    /// <summary>Measures; the best of some repetitions, since everything else that runs can only lower one.</summary>
    /// <param name="session">Where.</param>
    /// <param name="products">Format of the factors: tensor cores multiply halves, all other products are multiply-adds.</param>
    /// <param name="iterations">Of each program.</param>
    /// <exception cref="CudaException">The driver failed.</exception>
    public static DevicePeaks Measure(CudaSession session, Element products, int iterations)
    {
        double gflops = 0, copied = 0;
        session.Run(host =>
        {
            gflops = Arithmetic(session, host, products, iterations);
            copied = Copy(session, host);
        });
        return new DevicePeaks(gflops, products == Element.Float16 ? "tensor-core product of halves" : "float32 multiply-add", copied);
    }

    private static unsafe double Arithmetic(CudaSession session, ICudaHost host, Element products, int iterations)
    {
        (CudaEntry entry, double flopsPerThread) = products == Element.Float16
            ? (CudaEntries.PeakMma, CudaEntries.PeakMmaFlops / 32.0)
            : (CudaEntries.PeakFma, CudaEntries.PeakFmaFlops);
        int blocks = session.Device.Multiprocessors * BlocksPerMultiprocessor;
        using var output = new CudaMemory(host);
        output.Reserve(sizeof(float) * (long)blocks * entry.Threads);
        ulong result = output.Address;
        // A factor for the one, two halves for the other: with zeros a device draws less power and may run faster than any kernel can.
        uint factor = products == Element.Float16 ? TwoHalvesOfATenth : BitConverter.SingleToUInt32Bits(0.5f);
        ReadOnlySpan<nint> arguments = [(nint)(&result), (nint)(&iterations), (nint)(&factor)];
        double best = double.PositiveInfinity;
        using ICudaEvent begin = host.CreateEvent(), end = host.CreateEvent();
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            begin.Record();
            session.Launch(entry, (blocks, 1, 1), arguments);
            end.Record();
            best = Math.Min(best, end.NanosecondsSince(begin));
        }
        return flopsPerThread * entry.Threads * blocks * iterations / best;
    }

    private static double Copy(CudaSession session, ICudaHost host)
    {
        long bytes = Math.Min(CopyBytes, session.Device.MemoryBytes / 8);
        using CudaMemory source = new(host), target = new(host);
        source.Reserve(bytes);
        target.Reserve(bytes);
        host.Clear(source.Buffer, bytes);
        double best = double.PositiveInfinity;
        using ICudaEvent begin = host.CreateEvent(), end = host.CreateEvent();
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            begin.Record();
            host.Copy(target.Buffer, source.Buffer, bytes);
            end.Record();
            best = Math.Min(best, end.NanosecondsSince(begin));
        }
        return 2.0 * bytes / best;
    }
}
