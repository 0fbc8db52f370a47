using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>rows = states · W + b, for the query of an alignment, or a context that all steps share.</summary>
internal sealed unsafe class StateRowsStep<TSet> : TokenStep
    where TSet : struct, IInstructionSet
{
    /// <summary>W and b.</summary>
    public required PackedMatrix Matrix { get; init; }

    /// <summary>The states, in two copies.</summary>
    public required States States { get; init; }

    /// <summary>The copy that the first step reads.</summary>
    public required int FirstCopy { get; init; }

    /// <summary>[sequences, parts · width], one copy.</summary>
    public required States Output { get; init; }

    /// <inheritdoc/>
    public override double RowFlops => Matrix.Flops;

    /// <inheritdoc/>
    public override int Groups => Matrix.Groups;

    /// <inheritdoc/>
    public override long ScratchLength(int rows) => CacheLine.Floats + (long)PanelTiles<TSet>.Whole(rows) * Panel.Columns;

    /// <inheritdoc/>
    public override void Compute(in Call call, int token, int begin, int rows, int group)
    {
        int column = group * Panel.Columns, columns = Math.Min(Panel.Columns, Matrix.Width - column);
        float* sums = CacheLine.Align((float*)call.Own), states = States.Row(call, (FirstCopy + token) % 2, begin);
        for (int part = 0; part < Matrix.Parts; part++)
        {
            StateProduct<TSet>.Multiply(states, States.Stride, rows, Matrix.Depth, Matrix.PanelOf(call, group, part), columns, sums, accumulate: false);
            for (int row = 0; row < rows; row++)
            {
                float* own = sums + row * Panel.Columns, output = Output.Row(call, 0, begin + row) + part * Matrix.Width + column;
                if (Matrix.Bias is null)
                    new ReadOnlySpan<float>(own, columns).CopyTo(new Span<float>(output, columns));
                else
                    TSet.Add(own, Matrix.Biases(call, group) + part * Panel.Columns, output, columns);
            }
        }
    }
}
