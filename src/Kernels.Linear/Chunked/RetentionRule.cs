using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Linear;

/// <summary>
/// Retention: a query that sees n loaded keys finds the state shrunk by γⁿ, and the key j places before its own shrunk by γʲ. Powers of γ are
/// tabled in float64 and used as two floats, because the same rounded factor at every chunk would add up over a long memory.
/// </summary>
internal sealed unsafe class RetentionRule<TSimd, TVector> : ChunkRule<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    // One table ascends, one descends so that the powers of a row lie as its keys do; room for a last, partial vector.
    private const int WidestVector = 16, TableLength = Chunk + 1 + WidestVector;

    public override long ExtraLength(AttentionProblem problem) => 3 * TableLength;

    public override void Begin(AttentionProblem problem, int kvHead, ChunkScratch<TSimd, TVector> parts)
    {
        double decay = Definition.Retention.Decay(kvHead), power = 1;
        new Span<float>(parts.Extra, 3 * TableLength).Clear();
        for (int n = 0; n <= Chunk; n++, power *= decay)
        {
            Powers(parts)[n] = (float)power;
            Rests(parts)[n] = (float)(power - (float)power);
            Descending(parts)[Chunk - n] = (float)power;
        }
    }

    public override void LoadKeys(AttentionProblem problem, ChunkScratch<TSimd, TVector> parts, int keys, float* k) =>
        Copy(keys, parts.HeadDim, k, parts.KeyFeatures, parts.FeatureStride);

    public override void LoadQueries(AttentionProblem problem, ChunkScratch<TSimd, TVector> parts, int queries, float* q) =>
        Copy(queries, parts.HeadDim, q, parts.QueryFeatures, parts.FeatureStride);

    public override void Absorb(ChunkScratch<TSimd, TVector> parts, int keys, ValueMatrix<TSimd, TVector> values)
    {
        TVector power = TSimd.Create(Powers(parts)[keys]), rest = TSimd.Create(Rests(parts)[keys]);
        nint stateLength = (nint)parts.Features * parts.ValueStride;
        for (nint i = 0; i < stateLength; i += TSimd.Width)
        {
            TVector state = TSimd.Load(parts.State + i);
            TSimd.Store(TSimd.MultiplyAdd(state, power, TSimd.Multiply(state, rest)), parts.State + i);
        }
        for (int key = 0; key < keys; key++)
        {
            float* row = parts.KeyFeatures + key * parts.FeatureStride;
            Scale(row, parts.FeatureStride, Powers(parts)[keys - 1 - key]);
        }
        AddToState(parts, keys, values);
    }

    public override void ReadState(ChunkScratch<TSimd, TVector> parts, ReadOnlySpan<int> seen)
    {
        for (int row = 0; row < seen.Length; row++)
            Scale(parts.Sums + row * parts.ValueStride, parts.ValueStride, Powers(parts)[seen[row]]);
    }

    public override void Weigh(ChunkScratch<TSimd, TVector> parts, int row, ReadOnlySpan<int> seen)
    {
        for (int i = 0; i < seen.Length; i++)
        {
            float* weights = parts.Weights + (row + i) * Chunk, powers = Descending(parts) + Chunk - seen[i] + 1;
            for (int key = 0; key < seen[i]; key += TSimd.Width)
                TSimd.Store(TSimd.Multiply(TSimd.Load(weights + key), TSimd.Load(powers + key)), weights + key);
        }
    }

    public override void Finish(
        AttentionProblem problem, ChunkScratch<TSimd, TVector> parts, int row, int seen, ReadOnlySpan<float> q, float* v, Span<float> output) =>
        OutputRow.Write<TSimd, TVector>(parts.Sums + row * parts.ValueStride, problem.Scale, output);

    private static float* Powers(ChunkScratch<TSimd, TVector> parts) => parts.Extra;

    private static float* Rests(ChunkScratch<TSimd, TVector> parts) => parts.Extra + TableLength;

    private static float* Descending(ChunkScratch<TSimd, TVector> parts) => parts.Extra + 2 * TableLength;

    private static void Scale(float* row, int length, float factor)
    {
        for (int c = 0; c < length; c += TSimd.Width)
            TSimd.Store(TSimd.Multiply(TSimd.Load(row + c), TSimd.Create(factor)), row + c);
    }
}
