using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>Rows of a table and their positions. An item is a token of every sequence, because sines and cosines are the same in all.</summary>
internal sealed unsafe class EmbeddingStep<TSet>(Embedding embedding, LayerProblem problem) : LayerStep
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override LayerPart Part => LayerPart.Embedding;

    /// <inheritdoc/>
    public override int Items => problem.Queries;

    /// <inheritdoc/>
    public override long ThreadBytes => sizeof(float) * (long)problem.Width;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        int position = problem.Keys - problem.Queries + item, width = problem.Width;
        float* places = embedding.Positions == Positions.Learned ? call[Embedding.PositionTable].At<float>(0, 0, position) : (float*)call.Own;
        if (embedding.Positions == Positions.Sinusoidal)
            EmbeddingStep.WriteSinusoids(position, places, width);
        for (int batch = 0; batch < problem.Batch; batch++)
        {
            float* y = call[call.Tensors.Length - 1].At<float>(batch, 0, item);
            int row = Embedding.RowOf(*call[LayerOperation.X].At<float>(batch, 0, item), problem.Hidden);
            if (row < 0)
                new Span<float>(y, width).Fill(float.NaN);
            else if (embedding.Positions == Positions.None)
                new ReadOnlySpan<float>(call[Embedding.Table].At<float>(0, 0, row), width).CopyTo(new Span<float>(y, width));
            else
                TSet.Add(call[Embedding.Table].At<float>(0, 0, row), places, y, width);
        }
    }
}

/// <summary>What both kernels of an embedding share.</summary>
internal static unsafe class EmbeddingStep
{
    /// <summary>One row, number by number.</summary>
    public static void Row(in Call call, Embedding embedding, LayerProblem problem, int batch, int token, float* y)
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

    /// <summary>The positions of a token, in pairs of sine and cosine.</summary>
    public static void WriteSinusoids(int position, float* places, int width)
    {
        for (int c = 0; c < width; c += 2)
        {
            (double sine, double cosine) = Math.SinCos(position * Math.Pow(Embedding.SinusoidBase, -(double)c / width));
            places[c] = (float)sine;
            if (c + 1 < width)
                places[c + 1] = (float)cosine;
        }
    }

    private static float Sinusoid(int position, int channel, int width)
    {
        double angle = position * Math.Pow(Embedding.SinusoidBase, -(channel - channel % 2) / (double)width);
        return (float)(channel % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle));
    }
}
