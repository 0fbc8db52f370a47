using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>
/// One step of a recurrent cell: products with the states before, and while their sums are in cache, the gates and the states after. The products with the
/// rows of all steps were computed before.
/// </summary>
internal sealed unsafe class CellStep<TSet> : TokenStep
    where TSet : struct, IInstructionSet
{
    // Sums of r, z, n of the state and n of the context.
    private const int MostSums = 4;

    /// <summary>The cell.</summary>
    public required Cell Cell { get; init; }

    /// <summary>Steps.</summary>
    public required int Tokens { get; init; }

    /// <summary>x·W + b, [batch, tokens, parts · hidden], readable for a panel beyond its end.</summary>
    public required Rows Input { get; init; }

    /// <summary>The matrix of the states.</summary>
    public required PackedMatrix Recurrent { get; init; }

    /// <summary>The states, in two copies.</summary>
    public required States States { get; init; }

    /// <summary>The copy that the first step reads.</summary>
    public int FirstCopy { get; init; }

    /// <summary>The matrix of the context; null without.</summary>
    public PackedMatrix? ContextMatrix { get; init; }

    /// <summary>The context of this step.</summary>
    public States? Context { get; init; }

    /// <summary>Context · its matrix where all steps have the same, [batch, parts · hidden] with the rows of <see cref="States"/>; null otherwise.</summary>
    public States? FixedContext { get; init; }

    /// <summary>[batch, tokens, hidden]; null where only the last state is needed.</summary>
    public Rows? Output { get; init; }

    /// <inheritdoc/>
    public override double RowFlops => Recurrent.Flops + (ContextMatrix?.Flops ?? 0);

    /// <inheritdoc/>
    public override int Groups => Recurrent.Groups;

    /// <inheritdoc/>
    public override long ScratchLength(int rows) => CacheLine.Floats + (long)MostSums * PanelTiles<TSet>.Whole(rows) * Panel.Columns;

    /// <inheritdoc/>
    public override void Compute(in Call call, int token, int begin, int rows, int group)
    {
        int hidden = Recurrent.Width, parts = Recurrent.Parts, column = group * Panel.Columns, columns = Math.Min(Panel.Columns, hidden - column);
        int copy = (FirstCopy + token) % 2;
        float* sums = CacheLine.Align((float*)call.Own), before = States.Row(call, copy, begin);
        nint partSums = (nint)PanelTiles<TSet>.Whole(rows) * Panel.Columns, inputRow = (nint)parts * hidden;
        for (int part = 0; part < parts; part++)
        {
            StateProduct<TSet>.Multiply(
                before, States.Stride, rows, hidden, Recurrent.PanelOf(call, group, part), columns, sums + part * partSums, accumulate: false);
        }
        for (int part = 0; ContextMatrix is { } matrix && part < parts; part++)
        {
            // r·(h·Un) and context·Wn are added after the reset, so n has two sums.
            bool isApart = part == parts - 1;
            StateProduct<TSet>.Multiply(
                Context!.Row(call, 0, begin), Context.Stride, rows, matrix.Depth, matrix.PanelOf(call, group, part), columns,
                sums + (part + (isApart ? 1 : 0)) * partSums, accumulate: !isApart);
        }
        var end = new CellEnd
        {
            Cell = Cell,
            Sums = sums,
            PartSums = partSums,
            HasContext = ContextMatrix is not null,
            Input = Input.Of(call) + ((nint)begin * Tokens + token) * inputRow + column,
            InputRow = Tokens * inputRow,
            FixedContext = FixedContext is { } context ? context.Row(call, 0, begin) + column : null,
            FixedRow = FixedContext?.Stride ?? 0,
            Hidden = hidden,
            Bias = Recurrent.Bias is null ? null : Recurrent.Biases(call, group),
            Before = before + column,
            After = States.Row(call, 1 - copy, begin) + column,
            StateRow = States.Stride,
            Output = Output is { } output ? output.Of(call) + ((nint)begin * Tokens + token) * hidden + column : null,
            OutputRow = (nint)Tokens * hidden,
            Rows = rows,
            Columns = columns,
        };
        TSet.Run(ref end);
    }
}
