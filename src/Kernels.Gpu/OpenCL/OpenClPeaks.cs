using Kernels.Abstractions;

namespace Kernels.Gpu.OpenCL;

/// <summary>Measures the peaks of a device: independent multiply-adds, and copies within its memory.</summary>
internal static class OpenClPeaks
{
    /// <summary>
    /// Independent chains of an item: more than two multiply-adds a cycle times a latency of four cycles, and within 16 vector registers.
    /// </summary>
    public const int Chains = 12;

    private const int Repetitions = 5;

    // Enough groups for every core, or multiprocessor, and enough items to fill the latter.
    private const int GroupsOfUnit = 16, GpuItems = 256;

    // Iterations take some milliseconds on either kind of device; the copy is far larger than any cache.
    private const int CpuIterations = 1 << 16, GpuIterations = 1 << 12;
    private const long CopyBytes = 512L << 20;

    /// <summary>Measures several times and returns the best, since other load can only lower a result.</summary>
    /// <exception cref="OpenClException">The driver failed.</exception>
    public static DevicePeaks Measure(OpenClSession session)
    {
        OpenClDevice device = session.Device;
        bool isCpu = device.Kind == DeviceKind.Cpu;
        int items = isCpu ? 1 : (int)Math.Min(GpuItems, device.MaxWorkGroupSize), groups = device.ComputeUnits * GroupsOfUnit;
        int iterations = isCpu ? CpuIterations : GpuIterations;
        lock (session.Lock)
        {
            try
            {
                double arithmetic = Best(session, MultiplyAdds(session, groups, items, iterations, out _));
                double operations = 2.0 * Chains * Lanes(device) * items * groups * iterations;
                long bytes = Math.Min(CopyBytes, Math.Min(device.MaxBufferBytes, device.MemoryBytes / 8));
                return new DevicePeaks(operations / arithmetic, "float32 multiply-add", 2.0 * bytes / Copy(session, bytes));
            }
            catch
            {
                session.Finish();
                session.Clock.Reset();
                throw;
            }
        }
    }

    /// <summary>Floats of a vector: of a register on a CPU device, which does not vectorise across items.</summary>
    internal static int Lanes(OpenClDevice device) => device.Kind == DeviceKind.Cpu && device.VectorWidth is 4 or 8 or 16 ? device.VectorWidth : 4;

    /// <summary>Launches the kernel, which writes [groups · items · lanes] floats.</summary>
    internal static Action MultiplyAdds(OpenClSession session, int groups, int items, int iterations, out DeviceBuffer result)
    {
        int lanes = Lanes(session.Device);
        DeviceFunction function = new DeviceProgram(session, "peak.cl", $"-DVECTOR=float{lanes} -DCHAINS={Chains}").Function("multiply_adds");
        var written = new DeviceBuffer(session);
        written.Reserve(sizeof(float) * (long)lanes * groups * items);
        result = written;
        return () => function.With(written).With(iterations).With(0.5f).Launch((groups, 1, 1), (items, 1));
    }

    private static double Copy(OpenClSession session, long bytes)
    {
        DeviceBuffer source = new(session), target = new(session);
        try
        {
            source.Reserve(bytes);
            target.Reserve(bytes);
            // Untouched memory may not be allocated yet; the best repetition excludes the first copy.
            return Best(session, () => target.Copy(source, bytes));
        }
        finally
        {
            source.Dispose();
            target.Dispose();
        }
    }

    /// <summary>Nanoseconds of the quickest run.</summary>
    private static double Best(OpenClSession session, Action run)
    {
        double best = double.PositiveInfinity;
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            session.Clock.Start();
            run();
            session.Finish();
            best = Math.Min(best, session.Clock.Stop());
        }
        return best;
    }
}
