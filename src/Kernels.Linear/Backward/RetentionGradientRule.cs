using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>
/// Retention: both states decay, the state of keys forwards and that of queries backwards. Queries carry the scale, so that dK and dV have it.
/// </summary>
internal sealed unsafe class RetentionGradientRule<TSet>(RetentionBackward operation) : GradientRule<TSet>(operation)
    where TSet : struct, IInstructionSet
{
    public override long ExtraLength => DecayPowers.Length;

    public override void Begin(int kvHead, GradientScratch<TSet> parts) => Powers(parts).Fill(operation.Forward.Decay(kvHead));

    public override void LoadKeys(GradientScratch<TSet> parts, int keys, float* k) => Load(parts, keys, 1, k, parts.KeyFeatures);

    public override void LoadQueries(AttentionProblem problem, GradientScratch<TSet> parts, int queries, float* q) =>
        Load(parts, queries, problem.Scale, q, parts.QueryFeatures);

    public override void AbsorbKeys(GradientScratch<TSet> parts, int keys, float* v)
    {
        Powers(parts).Decay<TSet>(parts.ValueState, (nint)parts.ValueDim * parts.KeyStride, keys);
        for (int key = 0; key < keys; key++)
            Scale(parts, parts.KeyFeatures, key, parts.KeyStride, keys - 1 - key);
        base.AbsorbKeys(parts, keys, v);
    }

    public override void ReadKeyState(GradientScratch<TSet> parts, in GradientRows rows)
    {
        for (int row = 0; row < rows.Count; row++)
            Scale(parts, parts.Gradients, row, parts.KeyStride, rows.Seen[row]);
    }

    public override void Weigh(float* weights, GradientScratch<TSet> parts, ReadOnlySpan<int> seen)
    {
        for (int row = 0; row < seen.Length; row++, weights += Chunk)
            TSet.Multiply(weights, Powers(parts).OfRow(seen[row]), weights, InstructionSet.WholeVectors<TSet>(seen[row]));
    }

    public override void WeighPairs(float* pairs, GradientScratch<TSet> parts, in GradientRows rows, int first, int count) =>
        Weigh(pairs, parts, rows.Seen.Slice(first, count));

    public override void WriteQueries(AttentionProblem problem, GradientScratch<TSet> parts, in GradientRows rows, int first, float* gradQ) =>
        Write(parts, first, rows.Count - first, problem.Scale, gradQ);

    public override void MoveQueryState(GradientScratch<TSet> parts, int keys) =>
        Powers(parts).Decay<TSet>(parts.State, (nint)parts.HeadDim * parts.ValueStride, keys);

    public override void ScaleForState(GradientScratch<TSet> parts, in GradientRows rows)
    {
        for (int row = 0; row < rows.Count; row++)
            Scale(parts, parts.QueryFeatures, row, parts.KeyStride, rows.Seen[row]);
    }

    public override void ScaleForPairs(GradientScratch<TSet> parts, in GradientRows rows)
    {
    }

    public override void ReadQueryState(GradientScratch<TSet> parts, int keys)
    {
        for (int key = 0; key < keys; key++)
        {
            Scale(parts, parts.Gradients, key, parts.KeyStride, keys - 1 - key);
            Scale(parts, parts.ValueGradients, key, parts.ValueStride, keys - 1 - key);
        }
    }

    public override void WriteKeys(GradientScratch<TSet> parts, int keys, float* gradK) => Write(parts, 0, keys, 1, gradK);

    private static DecayPowers Powers(GradientScratch<TSet> parts) => new(parts.Extra);

    /// <summary>Multiplies a row by γⁿ.</summary>
    private static void Scale(GradientScratch<TSet> parts, float* rows, int row, int stride, int n) =>
        TSet.Scale(rows + row * stride, Powers(parts).Of(n), rows + row * stride, stride);

    private static void Load(GradientScratch<TSet> parts, int rows, float factor, float* source, float* destination)
    {
        int channels = parts.HeadDim, stride = parts.KeyStride;
        for (int row = 0; row < rows; row++, source += channels, destination += stride)
        {
            TSet.Scale(source, factor, destination, channels);
            new Span<float>(destination + channels, stride - channels).Clear();
        }
    }

    private static void Write(GradientScratch<TSet> parts, int first, int rows, float factor, float* destination)
    {
        for (int row = 0; row < rows; row++)
            TSet.Scale(parts.Gradients + (first + row) * parts.KeyStride, factor, destination + (nint)row * parts.HeadDim, parts.HeadDim);
    }
}
