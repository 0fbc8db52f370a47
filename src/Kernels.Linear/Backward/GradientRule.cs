using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>
/// The parts of <see cref="QueryGradients{TSet}"/> and <see cref="KeyGradients{TSet}"/> that differ between kinds of linear attention. A rule is
/// immutable; what it needs for a head is in the scratch.
/// </summary>
internal abstract unsafe class GradientRule<TSet>(LinearBackward operation)
    where TSet : struct, IInstructionSet
{
    protected const int Chunk = ChunkLayout.Chunk;

    /// <summary>What is computed.</summary>
    public LinearBackward Operation => operation;

    /// <summary>Floats of <see cref="GradientScratch{TSet}.Extra"/>.</summary>
    public virtual long ExtraLength => 0;

    /// <summary>Floats for each query of each head that the first pass leaves to the second.</summary>
    public virtual int SharedNumbers => 0;

    /// <summary>Called before the first token of a kv head.</summary>
    public virtual void Begin(int kvHead, GradientScratch<TSet> parts)
    {
    }

    /// <summary>Features of some keys, [keys, KeyStride], into KeyFeatures.</summary>
    public abstract void LoadKeys(GradientScratch<TSet> parts, int keys, float* k);

    /// <summary>Features of some queries, [queries, KeyStride], into QueryFeatures.</summary>
    public abstract void LoadQueries(AttentionProblem problem, GradientScratch<TSet> parts, int queries, float* q);

    /// <summary>Adds the loaded keys with their values to the state of keys, ValueState += Vᵀ·KeyFeatures.</summary>
    public virtual void AbsorbKeys(GradientScratch<TSet> parts, int keys, float* v) =>
        TSet.MultiplyMatrix(
            parts.ValueDim, keys, parts.KeyStride, new MatrixView(v, parts.ValueDim).Transposed, new MatrixView(parts.KeyFeatures, parts.KeyStride),
            new MatrixView(parts.ValueState, parts.KeyStride), add: true);

    /// <summary>Computes what the second pass needs of each query, from state, loaded keys and the output o [queries, valueDim].</summary>
    public virtual void SumRows(GradientScratch<TSet> parts, in GradientRows rows, float* o)
    {
    }

    /// <summary>Modifies Gradients, which queries read from the state of keys.</summary>
    public abstract void ReadKeyState(GradientScratch<TSet> parts, in GradientRows rows);

    /// <summary>Modifies products of queries with the loaded keys, [queries, Chunk]: weights.</summary>
    public abstract void Weigh(float* weights, GradientScratch<TSet> parts, ReadOnlySpan<int> seen);

    /// <summary>Modifies products dO·v of queries with the loaded values, [queries, Chunk], from a row on.</summary>
    public abstract void WeighPairs(float* pairs, GradientScratch<TSet> parts, in GradientRows rows, int first, int count);

    /// <summary>Writes dQ of some queries from a row of Gradients on.</summary>
    public abstract void WriteQueries(AttentionProblem problem, GradientScratch<TSet> parts, in GradientRows rows, int first, float* gradQ);

    /// <summary>Moves the state of queries to keys that end <paramref name="keys"/> before.</summary>
    public abstract void MoveQueryState(GradientScratch<TSet> parts, int keys);

    /// <summary>Scales QueryFeatures before they are added to the state, and adds to the vector beside it.</summary>
    public abstract void ScaleForState(GradientScratch<TSet> parts, in GradientRows rows);

    /// <summary>Scales QueryFeatures before they meet the loaded keys.</summary>
    public abstract void ScaleForPairs(GradientScratch<TSet> parts, in GradientRows rows);

    /// <summary>Modifies Gradients and ValueGradients, which the loaded keys read from the state of queries.</summary>
    public abstract void ReadQueryState(GradientScratch<TSet> parts, int keys);

    /// <summary>Writes dK of the loaded keys.</summary>
    public abstract void WriteKeys(GradientScratch<TSet> parts, int keys, float* gradK);
}
