using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Bench.Commands.Selection;

/// <summary>Refuses what cannot fit into memory before anything is allocated.</summary>
public static class MemoryLimit
{
    /// <summary>Checks that inputs and output of a problem fit.</summary>
    /// <exception cref="UserError">They do not.</exception>
    public static void Require(AttentionProblem problem) => Require(
        sizeof(float) * ((long)problem.QueryLength + problem.KeyLength + problem.ValueLength + problem.OutputLength), $"{problem}: q, k, v and the output");

    /// <summary>Checks that <paramref name="bytes"/> fit.</summary>
    /// <param name="bytes">Bytes needed.</param>
    /// <param name="what">What needs them, for the message.</param>
    /// <exception cref="UserError">They do not.</exception>
    public static void Require(long bytes, string what)
    {
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > available)
            throw new UserError($"{what} need {Gibibytes(bytes)} of memory; this machine has {Gibibytes(available)}.");
    }

    private static string Gibibytes(long bytes) => $"{(double)bytes / (1L << 30):N1} GiB";
}
