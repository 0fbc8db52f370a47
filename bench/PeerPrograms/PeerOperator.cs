namespace Kernels.Bench.PeerPrograms;

/// <summary>One way in which a peer computes attention.</summary>
/// <param name="Name">Last part of its catalog name.</param>
/// <param name="Idea">What it is, in one line.</param>
public sealed record PeerOperator(string Name, string Idea)
{
    /// <summary>Where it is described.</summary>
    public string? Source { get; init; }

    /// <summary>Why the gate allows three times the error of plain float32 instead of twice; null when it need not.</summary>
    public string? Approximation { get; init; }

    /// <summary>Whether it promises nothing of NaN and infinite inputs, so that the gate does not try them.</summary>
    public bool FiniteInputsOnly { get; init; }
}
