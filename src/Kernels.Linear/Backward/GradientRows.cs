namespace Kernels.Linear;

/// <summary>Some consecutive queries of a head, as a chunk of keys sees them.</summary>
/// <param name="seen">
/// For each query, where the keys that it sees end: counted from the first loaded key, or from the end of the keys of a state that holds it.
/// </param>
/// <param name="q">[queries, headDim].</param>
/// <param name="gradO">[queries, valueDim].</param>
/// <param name="inverses">1/z of each query; null where nothing is divided.</param>
/// <param name="rowSums">D of each query; likewise.</param>
internal readonly unsafe ref struct GradientRows(ReadOnlySpan<int> seen, float* q, float* gradO, float* inverses, float* rowSums)
{
    public readonly ReadOnlySpan<int> Seen = seen;

    public readonly float* Q = q;

    public readonly float* GradO = gradO;

    public readonly float* Inverses = inverses;

    public readonly float* RowSums = rowSums;

    public int Count => Seen.Length;
}
