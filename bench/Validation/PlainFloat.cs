using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Bench.Validation;

/// <summary>
/// The definitions in plain float32, one output row at a time, in three common ways: what float32 itself loses, which is what a kernel's
/// error is compared with. Three, because a single one is now and then right by luck, on small problems above all. The first sums in
/// order; the second sums in 8 lanes and scales the query beforehand; the third sums in 8 lanes and takes powers of 2 instead of e.
/// In half precision the weights of softmax attention are rounded to half where they multiply v; sums stay float32.
/// </summary>
internal static class PlainFloat
{
    /// <summary>Number of ways.</summary>
    public const int Ways = 3;

    private const int Lanes = 8;

    /// <summary>Computes one output row [headDim]; arguments as for <see cref="Oracle.Row"/>.</summary>
    public static void Row(
        Definition definition, AttentionProblem problem, int query, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        int way, Span<float> output, Precision precision)
    {
        KeyRange visible = problem.VisibleKeys(query);
        int d = problem.HeadDim;
        output.Clear();
        if (visible.IsEmpty)
            return;
        ReadOnlySpan<float> qRow = q.Slice(query * d, d);
        ReadOnlySpan<float> visibleK = k.Slice(visible.Begin * d, visible.Length * d), visibleV = v.Slice(visible.Begin * d, visible.Length * d);
        if (definition is TopKDefinition topK)
        {
            // Which keys are best is decided exactly: a plain comparison would now and then take another key, and allow anything.
            int[] kept = TopKeys.Select(qRow, visibleK, problem.Scale, topK.Count);
            visibleK = TopKeys.Gather(visibleK, kept, d);
            visibleV = TopKeys.Gather(visibleV, kept, d);
        }
        if (definition == Definition.LinearElu)
            LinearElu(qRow, visibleK, visibleV, way, output);
        else if (definition == Definition.Softmax || definition is TopKDefinition)
            Softmax(qRow, visibleK, visibleV, problem.Scale, way, output, precision);
        else
            throw new NotSupportedException($"No plain float32 row for the definition '{definition.Name}'.");
    }

    /// <summary>softmax(q·kᵀ·scale)·v for one query q [headDim] and all keys of k.</summary>
    public static void Softmax(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, float scale, int way, Span<float> output,
        Precision precision = Precision.Single)
    {
        float[] weights = new float[k.Length / q.Length];
        SoftmaxWeights(q, k, scale, way, weights);
        WeightedMean(weights, v, LanesOf(way), output, precision);
    }

    /// <summary>Partial sums of a way.</summary>
    public static int LanesOf(int way) => way == 0 ? 1 : Lanes;

    private static void LinearElu(ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, int way, Span<float> output)
    {
        float[] weights = new float[k.Length / q.Length];
        LinearEluWeights(q, k, LanesOf(way), weights);
        WeightedMean(weights, v, LanesOf(way), output, Precision.Single);
    }

    private static void SoftmaxWeights(ReadOnlySpan<float> q, ReadOnlySpan<float> k, float scale, int way, Span<float> weights)
    {
        float[] query = q.ToArray();
        for (int c = 0; way == 1 && c < query.Length; c++)
            query[c] *= scale;
        float factor = way == 0 ? scale : way == 1 ? 1 : scale * MathF.Log2(MathF.E);
        float max = float.NegativeInfinity;
        for (int key = 0; key < weights.Length; key++)
        {
            weights[key] = Dot(query, k.Slice(key * q.Length, q.Length), way == 0 ? 1 : Lanes) * factor;
            max = MathF.Max(max, weights[key]);
        }
        for (int key = 0; key < weights.Length; key++)
            weights[key] = way == 2 ? float.Exp2(weights[key] - max) : MathF.Exp(weights[key] - max);
    }

    private static void LinearEluWeights(ReadOnlySpan<float> q, ReadOnlySpan<float> k, int lanes, Span<float> weights)
    {
        float[] qFeatures = Features(q), kFeatures = Features(k);
        for (int key = 0; key < weights.Length; key++)
            weights[key] = Dot(qFeatures, kFeatures.AsSpan(key * q.Length, q.Length), lanes);
    }

    /// <summary>φ(x) = elu(x) + 1 of every number.</summary>
    public static float[] Features(ReadOnlySpan<float> x)
    {
        float[] features = new float[x.Length];
        for (int i = 0; i < x.Length; i++)
            features[i] = x[i] > 0 ? x[i] + 1 : MathF.Exp(x[i]);
        return features;
    }

    /// <summary>a·b in so many partial sums.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int lanes)
    {
        if (lanes == 1)
            return DotInOrder(a, b);
        Span<float> sums = stackalloc float[lanes];
        sums.Clear();
        int begin = 0;
        if (lanes == Vector256<float>.Count && Vector256.IsHardwareAccelerated)
        {
            // The same multiplications and additions, so the same bits: this is most of what the gate spends on plain float32.
            Vector256<float> wide = default;
            for (; begin <= a.Length - lanes; begin += lanes)
                wide += Vector256.Create(a[begin..]) * Vector256.Create(b[begin..]);
            wide.CopyTo(sums);
        }
        for (; begin < a.Length; begin += lanes)
            for (int lane = 0; lane < Math.Min(lanes, a.Length - begin); lane++)
                sums[lane] += a[begin + lane] * b[begin + lane];
        return Total(sums);
    }

    private static float DotInOrder(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float sum = 0;
        for (int c = 0; c < a.Length; c++)
            sum += a[c] * b[c];
        return sum;
    }

    private static void WeightedMean(ReadOnlySpan<float> weights, ReadOnlySpan<float> v, int lanes, Span<float> output, Precision precision)
    {
        int d = output.Length;
        Span<float> sums = stackalloc float[lanes];
        sums.Clear();
        float[] rows = new float[lanes * d];
        for (int key = 0; key < weights.Length; key++)
        {
            float weight = weights[key];
            sums[key % lanes] += weight;
            // The sum is of the weights as they were.
            if (precision == Precision.Half)
                weight = (float)(Half)weight;
            Span<float> row = rows.AsSpan(key % lanes * d, d);
            TensorPrimitives.MultiplyAdd(v.Slice(key * d, d), weight, row, row);
        }
        float sum = Total(sums);
        for (int lane = 0; lane < lanes; lane++)
            for (int c = 0; c < d; c++)
                output[c] += rows[lane * d + c];
        for (int c = 0; c < d; c++)
            output[c] /= sum;
    }

    private static float Total(ReadOnlySpan<float> sums)
    {
        float total = 0;
        foreach (float sum in sums)
            total += sum;
        return total;
    }
}
