using Kernels.Abstractions;
using Kernels.Primitives.Gradients;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>
/// Linear attention with φ(x) = elu(x) + 1. Beside the state of keys is Σφ(k), which gives z and carries D; beside the state of queries, whose features
/// are divided by z, is ΣD·φ(q)/z.
/// </summary>
internal sealed unsafe class EluGradientRule<TSet>() : GradientRule<TSet>(Operations.LinearEluBackward)
    where TSet : struct, IInstructionSet
{
    public override int SharedNumbers => 2;

    public override void LoadKeys(GradientScratch<TSet> parts, int keys, float* k) =>
        EluFeature.Apply<TSet>(keys, parts.HeadDim, k, parts.KeyFeatures, parts.KeyStride);

    public override void LoadQueries(AttentionProblem problem, GradientScratch<TSet> parts, int queries, float* q) =>
        EluFeature.Apply<TSet>(queries, parts.HeadDim, q, parts.QueryFeatures, parts.KeyStride);

    public override void AbsorbKeys(GradientScratch<TSet> parts, int keys, float* v)
    {
        base.AbsorbKeys(parts, keys, v);
        var sums = new ColumnSums(keys, parts.KeyStride, parts.KeyFeatures, parts.Vector);
        TSet.Run(ref sums);
    }

    public override void SumRows(GradientScratch<TSet> parts, in GradientRows rows, float* o)
    {
        int stride = parts.KeyStride, loaded = 0;
        // Apart from the sum of the state: one by one, small numbers added to a large one round more.
        new Span<float>(parts.LoadedSum, stride).Clear();
        for (int row = 0; row < rows.Count; row++)
        {
            for (; loaded < rows.Seen[row]; loaded++)
                TSet.Add(parts.LoadedSum, parts.KeyFeatures + loaded * stride, parts.LoadedSum, stride);
            float* query = parts.QueryFeatures + row * stride;
            rows.Inverses[row] = 1 / (Dot(query, parts.Vector, stride) + Dot(query, parts.LoadedSum, stride));
            rows.RowSums[row] = Dot(rows.GradO + row * parts.ValueDim, o + row * parts.ValueDim, parts.ValueDim);
        }
    }

    public override void ReadKeyState(GradientScratch<TSet> parts, in GradientRows rows)
    {
        for (int row = 0; row < rows.Count; row++)
            TSet.AddScaled(parts.Vector, -rows.RowSums[row], parts.Gradients + row * parts.KeyStride, parts.KeyStride);
    }

    public override void Weigh(float* weights, GradientScratch<TSet> parts, ReadOnlySpan<int> seen)
    {
    }

    public override void WeighPairs(float* pairs, GradientScratch<TSet> parts, in GradientRows rows, int first, int count)
    {
        var subtraction = new RowSubtraction(pairs, Chunk, rows.RowSums + first, count);
        TSet.Run(ref subtraction);
    }

    public override void WriteQueries(AttentionProblem problem, GradientScratch<TSet> parts, in GradientRows rows, int first, float* gradQ) =>
        EluSlope.Apply<TSet>(
            rows.Count - first, parts.HeadDim, parts.Gradients + first * parts.KeyStride, parts.QueryFeatures + first * parts.KeyStride, parts.KeyStride,
            rows.Inverses + first, gradQ);

    public override void MoveQueryState(GradientScratch<TSet> parts, int keys)
    {
    }

    public override void ScaleForState(GradientScratch<TSet> parts, in GradientRows rows)
    {
        ScaleForPairs(parts, rows);
        for (int row = 0; row < rows.Count; row++)
            TSet.AddScaled(parts.QueryFeatures + row * parts.KeyStride, rows.RowSums[row], parts.Vector, parts.KeyStride);
    }

    public override void ScaleForPairs(GradientScratch<TSet> parts, in GradientRows rows)
    {
        for (int row = 0; row < rows.Count; row++)
        {
            float* features = parts.QueryFeatures + row * parts.KeyStride;
            TSet.Scale(features, rows.Inverses[row], features, parts.KeyStride);
        }
    }

    public override void ReadQueryState(GradientScratch<TSet> parts, int keys)
    {
        for (int key = 0; key < keys; key++)
        {
            float* gradient = parts.Gradients + key * parts.KeyStride;
            TSet.Subtract(gradient, parts.Vector, gradient, parts.KeyStride);
        }
    }

    public override void WriteKeys(GradientScratch<TSet> parts, int keys, float* gradK) =>
        EluSlope.Apply<TSet>(keys, parts.HeadDim, parts.Gradients, parts.KeyFeatures, parts.KeyStride, factors: null, gradK);

    private static float Dot(float* a, float* b, int count)
    {
        var dot = new RowDot(a, b, count);
        TSet.Run(ref dot);
        return dot.Value;
    }
}
