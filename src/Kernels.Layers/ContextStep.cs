using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>One step's attention of a decoder to the states of its encoder: scores, softmax and weighted sum of one query a sequence.</summary>
internal sealed unsafe class ContextStep<TSet> : TokenStep
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override LayerPart Part => LayerPart.Attention;

    /// <summary>States of the encoder, [batch, keys, hidden], readable for a panel beyond their end.</summary>
    public required Rows Encoder { get; init; }

    /// <summary>Rows of the encoder.</summary>
    public required int KeyCount { get; init; }

    /// <summary>Numbers of a state.</summary>
    public required int Hidden { get; init; }

    /// <summary>The queries: states of the decoder, or in one copy their projections.</summary>
    public required States Queries { get; init; }

    /// <summary>The copy that the first step reads.</summary>
    public required int FirstCopy { get; init; }

    /// <summary>The projected rows of an additive alignment; null for dot products.</summary>
    public AlignmentKeys? Keys { get; init; }

    /// <summary>The context, one copy.</summary>
    public required States Output { get; init; }

    /// <inheritdoc/>
    public override double RowFlops => 4.0 * KeyCount * Hidden;

    /// <inheritdoc/>
    public override int Groups => 1;

    /// <inheritdoc/>
    public override long ScratchLength(int rows) => 2L * CacheLine.Floats + (KeyCount + CacheLine.Floats) + 2L * AlignmentRow.Stride(Hidden);

    /// <inheritdoc/>
    public override void Compute(in Call call, int token, int begin, int rows, int group)
    {
        float* query = CacheLine.Align((float*)call.Own), scores = query + 2 * AlignmentRow.Stride(Hidden);
        for (int sequence = begin; sequence < begin + rows; sequence++)
        {
            float* encoder = Encoder.Of(call) + (nint)sequence * KeyCount * Hidden;
            float* state = Queries.Row(call, Keys is null ? (FirstCopy + token) % 2 : 0, sequence);
            if (Keys is { } keys)
                keys.Score<TSet>(call, sequence, KeyCount, state, query, scores);
            else
                Dot(encoder, state, scores);
            TSet.SoftmaxRow(new Span<float>(scores, KeyCount));
            Mix(encoder, scores, Output.Row(call, 0, sequence));
        }
    }

    private void Dot(float* encoder, float* state, float* scores)
    {
        float scale = (float)(VectorExp.Log2E / Math.Sqrt(Hidden));
        var dot = new DotScores { Query = state, Keys = encoder, Width = Hidden, Count = KeyCount, Scale = scale, Scores = scores };
        TSet.Run(ref dot);
    }

    private void Mix(float* encoder, float* weights, float* output)
    {
        for (int column = 0; column < Hidden; column += Panel.Columns)
        {
            var mix = new FewRows
            {
                Left = weights,
                LeftRow = 0,
                Rows = 1,
                Right = encoder + column,
                RightStep = Hidden,
                Steps = KeyCount,
                Vectors = PanelTiles<TSet>.Vectors(Math.Min(Panel.Columns, Hidden - column)),
                Result = output + column,
                ResultRow = 0,
            };
            TSet.Run(ref mix);
        }
    }
}
