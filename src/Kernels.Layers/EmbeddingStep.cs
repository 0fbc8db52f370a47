using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>Rows of a table and their positions. An item is some positions of every sequence, because sines and cosines are the same in all.</summary>
internal sealed unsafe class EmbeddingStep<TSet>(Embedding embedding, LayerProblem problem) : LayerStep
    where TSet : struct, IInstructionSet
{
    private readonly int width = problem.Width, pairs = (problem.Width + 1) / 2;

    /// <inheritdoc/>
    public override LayerPart Part => LayerPart.Embedding;

    /// <inheritdoc/>
    public override int Items => (problem.Queries - 1) / Angles.Positions + 1;

    /// <inheritdoc/>
    public override long ThreadBytes =>
        embedding.Positions == Positions.Sinusoidal ? CacheLine.Bytes + (sizeof(double) * Angles.OfPair + 2L * sizeof(float)) * pairs : 0;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        double* turns = (double*)CacheLine.Align((float*)call.Own);
        float* sinusoids = (float*)(turns + Angles.OfPair * (nint)pairs);
        var angles = new Angles(turns, pairs, width, Embedding.SinusoidBase);
        int begin = item * Angles.Positions, first = problem.Keys - problem.Queries;
        for (int token = begin; token < Math.Min(problem.Queries, begin + Angles.Positions); token++)
        {
            if (embedding.Positions == Positions.Sinusoidal)
                Write(angles, first + token, token == begin, sinusoids);
            float* places = embedding.Positions == Positions.Learned ? call[Embedding.PositionTable].At<float>(0, 0, first + token) : sinusoids;
            for (int batch = 0; batch < problem.Batch; batch++)
                Write(call, batch, token, places);
        }
    }

    private void Write(in Call call, int batch, int token, float* places)
    {
        float* y = call[call.Tensors.Length - 1].At<float>(batch, 0, token);
        int row = Embedding.RowOf(*call[LayerOperation.X].At<float>(batch, 0, token), problem.Hidden);
        if (row < 0)
            new Span<float>(y, width).Fill(float.NaN);
        else if (embedding.Positions == Positions.None)
            new ReadOnlySpan<float>(call[Embedding.Table].At<float>(0, 0, row), width).CopyTo(new Span<float>(y, width));
        else
            TSet.Add(call[Embedding.Table].At<float>(0, 0, row), places, y, width);
    }

    /// <summary>Sine and cosine of each pair at the next position.</summary>
    /// <param name="angles">The angles.</param>
    /// <param name="position">The position.</param>
    /// <param name="begins">Whether there is none before it.</param>
    /// <param name="sinusoids">[2·pairs], one more than the width where that is odd.</param>
    private void Write(Angles angles, int position, bool begins, float* sinusoids)
    {
        if (begins)
            angles.Begin(position);
        else
            angles.Turn();
        for (int pair = 0; pair < pairs; pair++)
            (sinusoids[2 * pair], sinusoids[2 * pair + 1]) = (angles.Sin(pair), angles.Cos(pair));
    }
}
