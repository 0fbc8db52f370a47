using Kernels.Abstractions;
using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda;

/// <summary>Measures the peaks of a device: independent multiply-adds or tensor-core products, and copies within its memory.</summary>
internal static class CudaPeaks
{
    // Enough blocks for every multiprocessor to hide instruction latency.
    private const int BlocksPerMultiprocessor = 16;

    private const int Repetitions = 5;

    /// <summary>A unit of the device and the entry that uses nothing else.</summary>
    /// <param name="Name">For the report.</param>
    /// <param name="Entry">The entry.</param>
    /// <param name="FlopsPerThread">Operations of a thread in one iteration.</param>
    /// <param name="Factor">The bits of its factors: not zeros, which take less power and allow a higher clock.</param>
    public sealed record Arithmetic(string Name, CudaEntry Entry, double FlopsPerThread, uint Factor);

    /// <summary>float32 multiply-adds.</summary>
    public static Arithmetic MultiplyAdd { get; } =
        new("float32 multiply-add", CudaEntries.PeakFma, CudaEntries.PeakFmaFlops, BitConverter.SingleToUInt32Bits(0.5f));

    /// <summary>Tensor cores, a warp by itself.</summary>
    public static Arithmetic TensorCores { get; } =
        new("tensor-core product of halves", CudaEntries.PeakMma, CudaEntries.PeakMmaFlops / 32.0, TwoHalvesOfATenth);

    /// <summary>Tensor cores of compute capability 9.0, four warps together.</summary>
    public static Arithmetic Warpgroups { get; } = new(
        "tensor-core product of halves by warpgroups", CudaEntries.PeakWgmma, (double)CudaEntries.PeakWgmmaFlops / CudaEntries.PeakWgmma.Threads,
        TwoHalvesOfATenth);

    /// <summary>Some milliseconds on a large device.</summary>
    public const int Iterations = 4096;

    private const uint TwoHalvesOfATenth = 0x2E662E66;

    // Far more than the L2 cache of any device, and far less than its memory.
    private const long CopyBytes = 512L << 20;

    /// <summary>Measures several times and returns the best, since other load can only lower a result.</summary>
    /// <param name="session">The session.</param>
    /// <param name="arithmetic">Which unit.</param>
    /// <param name="iterations">Of each program.</param>
    /// <exception cref="CudaException">The driver failed.</exception>
    public static DevicePeaks Measure(CudaSession session, Arithmetic arithmetic, int iterations)
    {
        double gflops = 0, copied = 0;
        session.Run(host =>
        {
            gflops = Gigaflops(session, host, arithmetic, iterations);
            copied = Copy(session, host);
        });
        return new DevicePeaks(gflops, arithmetic.Name, copied);
    }

    private static unsafe double Gigaflops(CudaSession session, ICudaHost host, Arithmetic arithmetic, int iterations)
    {
        (_, CudaEntry entry, double flopsPerThread, uint factor) = arithmetic;
        int blocks = session.Device.Multiprocessors * BlocksPerMultiprocessor;
        using var output = new CudaMemory(host);
        output.Reserve(sizeof(float) * (long)blocks * entry.Threads);
        ulong result = output.Address;
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
