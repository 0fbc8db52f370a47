using Kernels.Abstractions;

namespace Kernels.Measurement.Cases;

/// <summary>Memory that a case needs, computed before anything is allocated.</summary>
public static class CaseMemory
{
    // The rest is for the expectation, the runtime and the system.
    private const double UsableShare = 0.875;

    /// <summary>Why the case cannot be held in memory; null when it can.</summary>
    public static string? WhyNot(Kernel kernel, int threads, Problem problem, long availableBytes)
    {
        using IExecutor executor = Executors.For(kernel, threads);
        // Inputs are kept in float32 as well, for any format of the kernel.
        long bytes = PreparedCall.MemoryBytes(kernel.Plan(problem), executor)
            + kernel.Info.Operation.Operands(problem, Format.Float32).Sum(operand => operand.Bytes);
        return bytes > UsableShare * availableBytes
            ? $"needs {Gibibytes(bytes)} GiB for inputs, output and scratch; this machine has {Gibibytes(availableBytes)} GiB"
            : null;
    }

    private static string Gibibytes(long bytes) => ((double)bytes / (1L << 30)).ToString("N1");
}
