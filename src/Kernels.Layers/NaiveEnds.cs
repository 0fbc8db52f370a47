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
            EmbeddingStep.Row(call, embedding, problem, batch, token, y);
        else if (operation is Patches)
            Patch(call, problem, batch, token, y);
        else if (operation is Projection)
            Project(call, problem, batch, token, y);
        else
            Words(call, problem, batch, token, y);
    }

    private static void Patch(in Call call, LayerProblem problem, int batch, int token, float* y)
    {
        float* patch = (float*)call.Own, positions = call[Patches.PositionTable].At<float>(0, 0, token), first = (float*)call[Patches.Class].Start;
        if (token > 0)
            PatchStep.Gather(call, problem, batch, token - 1, patch);
        for (int c = 0; c < problem.Width; c++)
            y[c] = (token == 0 ? first[c] : Sum(call, patch, Patches.PatchWidth(problem), Patches.W, problem.Width, c)) + positions[c];
    }

    private static void Project(in Call call, LayerProblem problem, int batch, int token, float* y)
    {
        for (int c = 0; c < problem.Hidden; c++)
            y[c] = Sum(call, call[LayerOperation.X].At<float>(batch, 0, token), problem.Width, RowProduct.W, problem.Hidden, c);
    }

    private static void Words(in Call call, LayerProblem problem, int batch, int token, float* y)
    {
        float* x = call[LayerOperation.X].At<float>(batch, 0, token);
        float max = float.NegativeInfinity, sum = 0;
        for (int word = 0; word < problem.Hidden; word++)
        {
            y[word] = Sum(call, x, problem.Width, RowProduct.W, problem.Hidden, word);
            max = y[word] > max || float.IsNaN(y[word]) ? y[word] : max;
        }
        for (int word = 0; word < problem.Hidden; word++)
            sum += y[word] = MathF.Exp(y[word] - max);
        for (int word = 0; word < problem.Hidden; word++)
            y[word] /= sum;
    }

    // x·W + b at a column; b is the operand after W.
    private static float Sum(in Call call, float* x, int depth, int place, int width, int column)
    {
        float* w = (float*)call[place].Start;
        float sum = 0;
        for (int i = 0; i < depth; i++)
            sum += x[i] * w[(nint)i * width + column];
        return sum + ((float*)call[place + 1].Start)[column];
    }
}
