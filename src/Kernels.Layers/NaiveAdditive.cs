using Kernels.Abstractions;

namespace Kernels.Layers;

/// <summary>
/// Additive attention as Bahdanau et al. 2015 write it: the projected rows of the encoder, then each query by itself, in loops over single numbers.
/// </summary>
public sealed unsafe class NaiveAdditive : Kernel
{
    private const int X = 0, C = 1, Wq = 2, B = 3, Wk = 4, V = 5, Y = 6;

    /// <inheritdoc/>
    public override KernelInfo Info { get; } =
        new($"layers-naive-{Operations.AdditiveAttention.Name}", "each query by itself, in the order of the formula", Operations.AdditiveAttention);

    /// <inheritdoc/>
    protected override Plan PlanFor(Problem problem)
    {
        var sizes = (LayerProblem)problem;
        return new(sizes.Batch * sizes.Keys, sizes.Batch * sizes.Queries)
        {
            SharedBytes = sizeof(float) * (long)sizes.Batch * sizes.Keys * sizes.Hidden,
            ThreadBytes = sizeof(float) * ((long)sizes.Keys + sizes.Hidden),
        };
    }

    /// <inheritdoc/>
    protected override void Compute(in Call call, int stage, int item)
    {
        var problem = (LayerProblem)call.Problem;
        int width = problem.Width, hidden = problem.Hidden;
        if (stage == 0)
        {
            float* key = (float*)call.Shared + (nint)item * hidden;
            Textbook.Product((float*)call[C].Start + (nint)item * width, width, (float*)call[Wk].Start, null, hidden, key);
            return;
        }
        nint first = (nint)(item / problem.Queries) * problem.Keys;
        float* scores = (float*)call.Own, q = scores + problem.Keys;
        Textbook.Product((float*)call[X].Start + (nint)item * width, width, (float*)call[Wq].Start, (float*)call[B].Start, hidden, q);
        Scores(q, (float*)call.Shared + first * hidden, (float*)call[V].Start, problem.Keys, hidden, scores);
        Mean(scores, (float*)call[C].Start + first * width, problem.Keys, width, (float*)call[Y].Start + (nint)item * width);
    }

    /// <summary>v·tanh(q + k) of each key.</summary>
    internal static void Scores(float* q, float* keys, float* v, int count, int hidden, float* scores)
    {
        for (int key = 0; key < count; key++)
        {
            float score = 0;
            for (int c = 0; c < hidden; c++)
                score += v[c] * MathF.Tanh(q[c] + keys[(nint)key * hidden + c]);
            scores[key] = score;
        }
    }

    /// <summary>Σ softmax(scores) · row.</summary>
    internal static void Mean(float* scores, float* rows, int count, int width, float* output)
    {
        float max = float.NegativeInfinity, sum = 0;
        for (int key = 0; key < count; key++)
            max = MathF.Max(max, scores[key]);
        new Span<float>(output, width).Clear();
        for (int key = 0; key < count; key++)
        {
            float weight = MathF.Exp(scores[key] - max);
            sum += weight;
            for (int c = 0; c < width; c++)
                output[c] += weight * rows[(nint)key * width + c];
        }
        for (int c = 0; c < width; c++)
            output[c] /= sum;
    }
}
