using Kernels.Abstractions;

namespace Kernels.Layers;

/// <summary>
/// Recurrent layers and sequence to sequence as a textbook writes them: one sequence after another, step by step, in loops over single numbers.
/// </summary>
/// <param name="operation">What is computed.</param>
public sealed unsafe class NaiveRecurrence(LayerOperation operation) : Kernel
{
    private const int Gates = RecurrentLayer.Gates;

    // Places of the operands of sequence to sequence.
    private const int C = 1, EncoderW = 2, DecoderW = 6, ContextW = 10, Wq = 11, B = 12, Wk = 13, V = 14;

    /// <inheritdoc/>
    public override KernelInfo Info { get; } =
        new($"layers-naive-{operation.Name}", "one sequence after another, step by step, in the order of the formula", operation);

    /// <inheritdoc/>
    protected override Plan PlanFor(Problem problem)
    {
        var sizes = (LayerProblem)problem;
        return new(sizes.Batch)
        {
            ThreadBytes = sizeof(float) * (sizes.Hidden * (3L * Gates + 3) + (operation is SequenceToSequence ? sizes.Keys * (2L * sizes.Hidden + 1) : 0)),
        };
    }

    /// <inheritdoc/>
    protected override void Compute(in Call call, int stage, int item)
    {
        var problem = (LayerProblem)call.Problem;
        int hidden = problem.Hidden;
        float* h = (float*)call.Own;
        new Span<float>(h, hidden).Clear();
        float* y = (float*)call[call.Tensors.Length - 1].Start + (nint)item * problem.Queries * hidden;
        if (operation is SequenceToSequence sequence)
            Sequence(call, sequence.Context, item, h, y);
        for (int t = 0; operation is RecurrentLayer layer && t < problem.Queries; t++)
        {
            float* input = h + 3 * hidden, own = input + Gates * hidden;
            if (layer.Cell == Cell.Gru)
                Step(call, 1, 0, item * problem.Queries + t, context: null, h);
            else
            {
                float* x = Of(call, 0) + ((nint)item * problem.Queries + t) * problem.Width;
                Textbook.Product(x, problem.Width, Of(call, 1), Of(call, 2), hidden, input);
                Textbook.Product(h, hidden, Of(call, 3), null, hidden, own);
                Textbook.Tanh(input, own, h, hidden);
            }
            new ReadOnlySpan<float>(h, hidden).CopyTo(new Span<float>(y + (nint)t * hidden, hidden));
        }
    }

    private static void Sequence(in Call call, DecoderContext kind, int item, float* h, float* y)
    {
        var problem = (LayerProblem)call.Problem;
        int hidden = problem.Hidden;
        float* context = h + hidden, q = context + hidden, states = h + (3 + 3 * Gates) * hidden, keys = states + (nint)problem.Keys * hidden;
        float* scores = keys + (nint)problem.Keys * hidden;
        for (int j = 0; j < problem.Keys; j++)
        {
            Step(call, EncoderW, C, item * problem.Keys + j, context: null, h);
            new ReadOnlySpan<float>(h, hidden).CopyTo(new Span<float>(states + (nint)j * hidden, hidden));
            if (kind == DecoderContext.Additive)
                Textbook.Product(h, hidden, Of(call, Wk), null, hidden, keys + (nint)j * hidden);
        }
        new ReadOnlySpan<float>(h, hidden).CopyTo(new Span<float>(context, hidden));
        for (int t = 0; t < problem.Queries; t++)
        {
            if (kind == DecoderContext.Additive)
            {
                Textbook.Product(h, hidden, Of(call, Wq), Of(call, B), hidden, q);
                NaiveAdditive.Scores(q, keys, Of(call, V), problem.Keys, hidden, scores);
            }
            for (int j = 0; kind == DecoderContext.Dot && j < problem.Keys; j++)
            {
                scores[j] = 0;
                for (int c = 0; c < hidden; c++)
                    scores[j] += h[c] * states[(nint)j * hidden + c];
                scores[j] /= MathF.Sqrt(hidden);
            }
            if (kind != DecoderContext.Last)
                NaiveAdditive.Mean(scores, states, problem.Keys, hidden, context);
            Step(call, DecoderW, 0, item * problem.Queries + t, context, h);
            new ReadOnlySpan<float>(h, hidden).CopyTo(new Span<float>(y + (nint)t * hidden, hidden));
        }
    }

    // One step of a GRU, whose matrices begin at a place.
    private static void Step(in Call call, int w, int source, int row, float* context, float* h)
    {
        var problem = (LayerProblem)call.Problem;
        int hidden = problem.Hidden;
        float* input = h + 3 * hidden, own = input + Gates * hidden, extra = own + Gates * hidden;
        Textbook.Product(Of(call, source) + (nint)row * problem.Width, problem.Width, Of(call, w), Of(call, w + 1), Gates * hidden, input);
        Textbook.Product(h, hidden, Of(call, w + 2), Of(call, w + 3), Gates * hidden, own);
        if (context != null)
            Textbook.Product(context, hidden, Of(call, ContextW), null, Gates * hidden, extra);
        for (int c = 0; context != null && c < Gates * hidden; c++)
            input[c] += extra[c];
        Textbook.Gru(input, own, h, hidden);
    }

    private static float* Of(in Call call, int place) => (float*)call[place].Start;
}
