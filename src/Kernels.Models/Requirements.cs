using Kernels.Abstractions;

namespace Kernels.Models;

/// <summary>What models require of those who run them.</summary>
internal static class Requirements
{
    /// <summary>Checks that a kernel computes what is asked of it.</summary>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static void Require(this Kernel kernel, Operation operation, Format format)
    {
        if (kernel.Info.Operation != operation || kernel.Info.Format != format)
        {
            throw new ArgumentException(
                $"{kernel.Info.Name} computes {kernel.Info.Operation} in {kernel.Info.Format}, not {operation} in {format}.", nameof(kernel));
        }
    }

    /// <summary>Checks that tokens are of a vocabulary.</summary>
    /// <exception cref="ArgumentException">One is not.</exception>
    public static void RequireIn(this ReadOnlySpan<int> ids, int vocabulary)
    {
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)vocabulary)
                throw new ArgumentException($"Id {id} is not below {vocabulary}.", nameof(ids));
        }
    }
}
