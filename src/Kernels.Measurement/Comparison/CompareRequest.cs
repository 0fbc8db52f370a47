using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Measurement.Comparison;

/// <summary>Request of the user for a comparison.</summary>
public sealed record CompareRequest
{
    /// <summary>A, which B is compared with.</summary>
    public required Kernel A { get; init; }

    /// <summary>B; null to measure A alone.</summary>
    public Kernel? B { get; init; }

    /// <summary>References to check outputs with.</summary>
    public required References References { get; init; }

    /// <summary>Each problem with each number of threads.</summary>
    public required IReadOnlyList<(NamedProblem Problem, int Threads)> Entries { get; init; }

    /// <summary>Rounds of a row; null for a number that follows from the time of a call.</summary>
    public int? Rounds { get; init; }

    /// <summary>Vector width of the multiply-add peak; null for the best.</summary>
    public int? PeakBits { get; init; }

    /// <summary>Whether the caches are emptied before each call.</summary>
    public bool Cold { get; init; }

    /// <summary>The folder of the peers among them; null when there are none.</summary>
    public string? Peers { get; init; }

    /// <summary>The requested device; null for the best.</summary>
    public DeviceWish? Device { get; init; }

    /// <summary>Processes that measure one after the other.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>A, and B where there is one.</summary>
    public IEnumerable<Kernel> Kernels => B is null ? [A] : [A, B];
}
