using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// The gradients of one kv head in plain float32 by recurrence, token by token: dQ from the state of keys and values, forwards; dK and dV from the state of
/// queries and gradients, backwards. Katharopoulos et al. 2020, algorithm 1. Full and causal masks.
/// </summary>
/// <param name="problem">Sizes and mask.</param>
/// <param name="plain">Features, and the sums of each row.</param>
/// <param name="decay">Factor of a state for each key; 1 in linear attention.</param>
internal sealed class PlainLinearStates(AttentionProblem problem, PlainLinearGradients plain, float decay)
{
    private const int Lanes = 8;

    private readonly float[] state = new float[problem.HeadDim * problem.ValueDim], vector = new float[problem.HeadDim];

    /// <summary>dq of some queries of one of the heads, [queries, headDim].</summary>
    /// <param name="head">Counted from the first head.</param>
    /// <param name="tokens">The queries, ascending.</param>
    /// <param name="values">Zeros before.</param>
    public void Queries(int head, ReadOnlySpan<int> tokens, Span<float> values)
    {
        int d = problem.HeadDim, seen = 0;
        for (int i = 0; i < tokens.Length; i++)
        {
            int row = head * problem.Queries + tokens[i];
            for (int end = problem.VisibleKeys(tokens[i]).End; seen < end; seen++)
            {
                Decay();
                Add(plain.K(seen), 1, plain.V(seen), 1);
            }
            if (seen == 0)
                continue;
            Span<float> gradient = values.Slice(i * d, d);
            Read(plain.GradO(row), plain.RowSum(row), gradient);
            TensorPrimitives.Multiply(gradient, plain.IsNormalised ? 1 / plain.Sum(row) : problem.Scale, gradient);
            plain.Slope(plain.Q(row), gradient);
        }
    }

    /// <summary>dk and dv of some keys, [keys, headDim + valueDim].</summary>
    public void Keys(ReadOnlySpan<int> tokens, Span<float> values)
    {
        int d = problem.HeadDim, width = d + problem.ValueDim, next = problem.Queries - 1, at = tokens.Length - 1;
        for (int key = problem.Keys - 1; key >= 0 && at >= 0; key--)
        {
            Decay();
            for (; next >= 0 && problem.VisibleKeys(next).End > key; next--)
                for (int row = next; row < plain.Rows; row += problem.Queries)
                    Add(plain.Q(row), plain.IsNormalised ? 1 / plain.Sum(row) : problem.Scale, plain.GradO(row), plain.RowSum(row));
            if (tokens[at] != key)
                continue;
            Span<float> gradK = values.Slice(at * width, d), gradV = values.Slice(at-- * width + d, problem.ValueDim);
            Read(plain.V(key), 1, gradK);
            plain.Slope(plain.K(key), gradK);
            for (int c = 0; c < d; c++)
                TensorPrimitives.MultiplyAdd(Row(c), plain.K(key)[c], gradV, gradV);
        }
    }

    private Span<float> Row(int channel) => state.AsSpan(channel * problem.ValueDim, problem.ValueDim);

    private void Decay()
    {
        if (!plain.IsNormalised)
            TensorPrimitives.Multiply(state, decay, state);
    }

    /// <summary>state += factor·features·rowᵀ, vector += factor·sum·features.</summary>
    private void Add(ReadOnlySpan<float> features, float factor, ReadOnlySpan<float> row, float sum)
    {
        for (int c = 0; c < features.Length; c++)
        {
            float scaled = features[c] * factor;
            TensorPrimitives.MultiplyAdd(row, scaled, Row(c), Row(c));
            vector[c] += scaled * sum;
        }
    }

    /// <summary>product = state·row − sum·vector; without a division there is no vector.</summary>
    private void Read(ReadOnlySpan<float> row, float sum, Span<float> product)
    {
        for (int c = 0; c < product.Length; c++)
            product[c] = PlainFloat.Dot(Row(c), row, Lanes) - (plain.IsNormalised ? sum * vector[c] : 0);
    }
}
