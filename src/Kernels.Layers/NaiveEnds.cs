using Kernels.Abstractions;

namespace Kernels.Layers;

/// <summary>
/// The ends of a transformer as a textbook writes them: rows of a table, patches of an image, probabilities of words, and a product by itself. An item is a
/// token.
/// </summary>
/// <param name="operation"><see cref="Embedding"/>, <see cref="Patches"/>, <see cref="Vocabulary"/> or <see cref="Projection"/>.</param>
public sealed unsafe class NaiveEnds(LayerOperation operation) : Kernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new($"layers-naive-{operation.Name}", "each row by itself, in the order of the formula", operation);

    /// <inheritdoc/>
    protected override Plan PlanFor(Problem problem)
    {
        var sizes = (LayerProblem)problem;
        return new(sizes.Batch * sizes.Queries) { ThreadBytes = operation is Patches ? sizeof(float) * (long)Patches.PatchWidth(sizes) : 0 };
    }

    /// <inheritdoc/>
    protected override void Compute(in Call call, int stage, int item)
    {
        var problem = (LayerProblem)call.Problem;
        (int batch, int token) = Math.DivRem(item, problem.Queries);
        float* y = call[call.Tensors.Length - 1].At<float>(batch, 0, token);
        if (operation is Embedding embedding)
            Embed(call, embedding, problem, batch, token, y);
        else if (operation is Patches)
            Patch(call, problem, batch, token, y);
        else if (operation is Projection)
            Project(call, problem, batch, token, y);
        else
            Words(call, problem, batch, token, y);
    }

    private void Patch(in Call call, LayerProblem problem, int batch, int token, float* y)
    {
        float* patch = (float*)call.Own, positions = call[Patches.PositionTable].At<float>(0, 0, token), first = (float*)call[Patches.Class].Start;
        if (token > 0)
            PatchStep.Gather(call, problem, batch, token - 1, patch);
        for (int c = 0; c < problem.Width; c++)
        {
            float number = token == 0
                ? first[c]
                : Textbook.Number(call, operation.WeightOrder, patch, Patches.PatchWidth(problem), Patches.W, problem.Width, c);
            y[c] = number + positions[c];
        }
    }

    private void Project(in Call call, LayerProblem problem, int batch, int token, float* y)
    {
        float* x = call[LayerOperation.X].At<float>(batch, 0, token);
        for (int c = 0; c < problem.Hidden; c++)
            y[c] = Textbook.Number(call, operation.WeightOrder, x, problem.Width, RowProduct.W, problem.Hidden, c);
    }

    private void Words(in Call call, LayerProblem problem, int batch, int token, float* y)
    {
        Project(call, problem, batch, token, y);
        float max = float.NegativeInfinity, sum = 0;
        for (int word = 0; word < problem.Hidden; word++)
            max = y[word] > max || float.IsNaN(y[word]) ? y[word] : max;
        for (int word = 0; word < problem.Hidden; word++)
            sum += y[word] = MathF.Exp(y[word] - max);
        for (int word = 0; word < problem.Hidden; word++)
            y[word] /= sum;
    }

    private static void Embed(in Call call, Embedding embedding, LayerProblem problem, int batch, int token, float* y)
    {
        int row = Embedding.RowOf(*call[LayerOperation.X].At<float>(batch, 0, token), problem.Hidden), position = problem.Keys - problem.Queries + token;
        for (int c = 0; c < problem.Width; c++)
        {
            float number = row < 0 ? float.NaN : call[Embedding.Table].At<float>(0, 0, row)[c];
            y[c] = embedding.Positions switch
            {
                Positions.Learned => number + call[Embedding.PositionTable].At<float>(0, 0, position)[c],
                Positions.Sinusoidal => number + Sinusoid(position, c, problem.Width),
                _ => number,
            };
        }
    }

    private static float Sinusoid(int position, int channel, int width)
    {
        double angle = position * Math.Pow(Embedding.SinusoidBase, -(channel - channel % 2) / (double)width);
        return (float)(channel % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
    }
}
