using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;
using Kernels.Primitives.Matrices;

namespace Kernels.Linear;

/// <summary>
/// Retention: for a query that sees n loaded keys the state has the factor γⁿ, and the key j places before its own the factor γʲ. Powers of
/// γ are computed in float64 and stored as two floats, because the rounding error of one float would accumulate over many chunks.
/// </summary>
internal sealed unsafe class RetentionRule<TSet>(RetentionAttention operation) : ChunkRule<TSet>
    where TSet : struct, IInstructionSet
{
    // One table ascends, the other descends in the order of the keys of a row; each is padded for a last, partial vector.
    private const int WidestVector = 16, TableLength = Chunk + 1 + WidestVector;

    public override long ExtraLength(AttentionProblem problem) => 3 * TableLength;

    public override void Begin(AttentionProblem problem, int kvHead, ChunkScratch<TSet> parts)
    {
        double decay = operation.Decay(kvHead), power = 1;
        new Span<float>(parts.Extra, 3 * TableLength).Clear();
        for (int n = 0; n <= Chunk; n++, power *= decay)
        {
            Powers(parts)[n] = (float)power;
            Rests(parts)[n] = (float)(power - (float)power);
            Descending(parts)[Chunk - n] = (float)power;
        }
    }

    public override void LoadKeys(AttentionProblem problem, ChunkScratch<TSet> parts, int keys, float* k) =>
        Copy(keys, parts.HeadDim, k, parts.KeyFeatures, parts.FeatureStride);

    public override void LoadQueries(AttentionProblem problem, ChunkScratch<TSet> parts, int queries, float* q) =>
        Copy(queries, parts.HeadDim, q, parts.QueryFeatures, parts.FeatureStride);

    public override void Absorb(ChunkScratch<TSet> parts, int keys, ValueMatrix<TSet> values)
    {
        var decay = new StateDecay(parts.State, (nint)parts.Features * parts.ValueStride, Powers(parts)[keys], Rests(parts)[keys]);
        TSet.Run(ref decay);
        for (int key = 0; key < keys; key++)
        {
            float* row = parts.KeyFeatures + key * parts.FeatureStride;
            TSet.Scale(row, Powers(parts)[keys - 1 - key], row, parts.FeatureStride);
        }
        AddToState(parts, keys, values);
    }

    public override void ReadState(ChunkScratch<TSet> parts, ReadOnlySpan<int> seen)
    {
        for (int row = 0; row < seen.Length; row++)
        {
            float* sums = parts.Sums + row * parts.ValueStride;
            TSet.Scale(sums, Powers(parts)[seen[row]], sums, parts.ValueStride);
        }
    }

    public override void Weigh(ChunkScratch<TSet> parts, int row, ReadOnlySpan<int> seen)
    {
        for (int i = 0; i < seen.Length; i++)
        {
            float* weights = parts.Weights + (row + i) * Chunk, powers = Descending(parts) + Chunk - seen[i] + 1;
            TSet.Multiply(weights, powers, weights, InstructionSet.WholeVectors<TSet>(seen[i]));
        }
    }

    public override void Finish(
        AttentionProblem problem, ChunkScratch<TSet> parts, int row, ReadOnlySpan<int> seen, float* q, float* v, float* output) =>
        Write(parts, row, seen.Length, problem.Scale, output);

    private static float* Powers(ChunkScratch<TSet> parts) => parts.Extra;

    private static float* Rests(ChunkScratch<TSet> parts) => parts.Extra + TableLength;

    private static float* Descending(ChunkScratch<TSet> parts) => parts.Extra + 2 * TableLength;

    /// <summary>state = state · power + state · rest, of whole vectors.</summary>
    private readonly struct StateDecay(float* state, nint count, float power, float rest) : IVectorKernel
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged
        {
            TVector powers = TSimd.Create(power), rests = TSimd.Create(rest);
            for (nint i = 0; i < count; i += TSimd.Width)
            {
                TVector numbers = TSimd.Load(state + i);
                TSimd.Store(TSimd.MultiplyAdd(numbers, powers, TSimd.Multiply(numbers, rests)), state + i);
            }
        }
    }
}
