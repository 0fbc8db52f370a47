using System.Collections.Immutable;
using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>
/// Plans recurrences as steps over buffers in the shared memory. The products of all rows come first; then each step of the recurrence is a stage, so that
/// threads share its columns and keep their panels in cache, or, where a step is too short for that, one stage has all steps of some sequences.
/// </summary>
/// <param name="operation">What is computed.</param>
/// <param name="problem">Sizes.</param>
internal sealed class RecurrentPlanner<TSet>(LayerOperation operation, LayerProblem problem) : StepPlanner(operation.Operands((Problem)problem, Format.Float32))
    where TSet : struct, IInstructionSet
{
    // About 5 µs of one thread on Zen 5, from 200 GFLOP/s; threads do not meet at the end of what is shorter.
    private const double FlopsOfStage = 1e6;

    // Whole register tiles, whose sums of three gates take 37 KB.
    private const int MostRows = 48;

    private readonly int hidden = problem.Hidden, sequences = PanelTiles<TSet>.Whole(problem.Batch);

    /// <summary>The plan.</summary>
    public Plan Create()
    {
        if (operation is RecurrentLayer layer)
        {
            bool isGru = layer.Cell == Cell.Gru;
            PackedMatrix own = Pack("u", isGru ? RecurrentLayer.Gates : 1, bias: isGru ? "bu" : null);
            Recur([Cells(layer.Cell, "x", "w", own, NewStates(2), 0, Place("y"))], problem.Queries);
        }
        else if (operation is SequenceToSequence sequence)
            Decode(sequence);
        else
        {
            Rows queries = Take((long)problem.Batch * problem.Queries * hidden);
            Product(Place("x"), problem.Batch * problem.Queries, problem.Width, "wq", hidden, queries);
            AlignmentKeys keys = Align(Place("c"), problem.Width);
            Add(new AdditiveStep<TSet> { Problem = problem, Queries = queries, Keys = keys, Encoder = Place("c"), Output = Place("y") });
        }
        return Plan;
    }

    private void Decode(SequenceToSequence sequence)
    {
        bool attends = sequence.Context != DecoderContext.Last;
        int last = problem.Keys % 2;
        States states = NewStates(2);
        // A step of the attention reads a panel of columns, beyond the last row too.
        Rows? encoded = attends ? Take((long)problem.Batch * problem.Keys * hidden + Panel.Columns) : null;
        Recur([Cells(Cell.Gru, "c", "ew", Pack("eu", RecurrentLayer.Gates, bias: "ebu"), states, 0, encoded)], problem.Keys);
        PackedMatrix own = Pack("du", RecurrentLayer.Gates, bias: "dbu"), matrix = Pack("dc", RecurrentLayer.Gates, bias: null);
        if (!attends)
        {
            States same = NewStates(1, RecurrentLayer.Gates * hidden);
            var product = new StateRowsStep<TSet> { Matrix = matrix, States = states, FirstCopy = last, Output = same };
            Add(new StagedStep(product, 0, problem.Batch, MostRows));
            Recur([Cells(Cell.Gru, "x", "dw", own, states, last, Place("y"), same: same)], problem.Queries);
            return;
        }
        States context = NewStates(1), queries = states;
        var parts = ImmutableArray.CreateBuilder<TokenStep>();
        AlignmentKeys? keys = null;
        if (sequence.Context == DecoderContext.Additive)
        {
            keys = Align(encoded!.Value, hidden);
            queries = NewStates(1);
            parts.Add(new StateRowsStep<TSet> { Matrix = Pack("wq", 1, bias: "b"), States = states, FirstCopy = last, Output = queries });
        }
        parts.Add(new ContextStep<TSet>
        {
            Encoder = encoded!.Value,
            KeyCount = problem.Keys,
            Hidden = hidden,
            Queries = queries,
            FirstCopy = last,
            Keys = keys,
            Output = context,
        });
        parts.Add(Cells(Cell.Gru, "x", "dw", own, states, last, Place("y"), matrix, context));
        Recur(parts.ToImmutable(), problem.Queries);
    }

    /// <summary>The products of a cell with all rows of a source, and its steps.</summary>
    private CellStep<TSet> Cells(
        Cell cell, string source, string w, PackedMatrix own, States states, int first, Rows? output, PackedMatrix? matrix = null, States? context = null,
        States? same = null)
    {
        int tokens = source == "x" ? problem.Queries : problem.Keys, width = own.Parts * hidden;
        Rows input = Take((long)problem.Batch * tokens * width + Panel.Columns);
        Product(Place(source), problem.Batch * tokens, problem.Width, w, width, input);
        return new()
        {
            Cell = cell,
            Tokens = tokens,
            Input = input,
            Recurrent = own,
            States = states,
            FirstCopy = first,
            ContextMatrix = matrix,
            Context = context,
            FixedContext = same,
            Output = output,
        };
    }

    private void Recur(ImmutableArray<TokenStep> parts, int tokens)
    {
        double flops = parts.Sum(part => part.RowFlops) * problem.Batch;
        if (flops < FlopsOfStage || parts[^1].Groups == 1)
        {
            Add(new LoopedStep(parts, tokens, problem.Batch, TSet.TileRows));
            return;
        }
        for (int token = 0; token < tokens; token++)
        {
            foreach (TokenStep part in parts)
                Add(new StagedStep(part, token, problem.Batch, part.Groups == 1 ? 1 : MostRows));
        }
    }

    /// <summary>Projected rows of an encoder.</summary>
    private AlignmentKeys Align(Rows source, int width)
    {
        int count = problem.Batch * problem.Keys;
        Rows projected = Take((long)count * hidden);
        Add(new ProductStep<TSet> { X = source, RowCount = count, Depth = width, W = Place("wk"), Width = hidden, Output = projected });
        var keys = new AlignmentKeys(Take(AlignmentKeys.Length(count, hidden)), count, hidden);
        Add(new AlignmentStep<TSet>(projected, Place("v").Place, keys));
        return keys;
    }

    private PackedMatrix Pack(string matrix, int parts, string? bias)
    {
        var packed = new PackedMatrix
        {
            Panels = Take(PackedMatrix.Length(hidden, hidden, parts)),
            Matrix = Place(matrix).Place,
            Bias = bias is null ? null : Place(bias).Place,
            Depth = hidden,
            Width = hidden,
            Parts = parts,
        };
        Add(new PackStep(packed));
        return packed;
    }

    /// <summary>States that begin with zeros.</summary>
    private States NewStates(int copies, int? width = null)
    {
        long floats = States.Length(copies, sequences, width ?? hidden);
        var states = new States(Take(floats), sequences, width ?? hidden);
        Add(new ClearStep(states.Memory, floats));
        return states;
    }

    private void Product(Rows x, int count, int depth, string w, int width, Rows output) =>
        Add(new ProductStep<TSet> { X = x, RowCount = count, Depth = depth, W = Place(w), Bias = After(w), Width = width, Output = output });
}
