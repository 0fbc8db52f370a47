using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers.Backward;

/// <summary>Plans the backward pass of a piece of a layer as steps over buffers in the shared memory.</summary>
/// <param name="operation">The piece.</param>
/// <param name="problem">Sizes.</param>
internal sealed class BackwardPlanner<TSet>(LayerBackward operation, LayerProblem problem) : StepPlanner(operation.Operands((Problem)problem, Format.Float32))
    where TSet : struct, IInstructionSet
{
    private readonly int rows = problem.Batch * problem.Queries, width = problem.Width, hidden = problem.Hidden;

    private readonly LayerPart part = operation is FeedForwardBackward
        ? LayerPart.FeedForward
        : operation is NormBackward ? LayerPart.Norms : LayerPart.Projections;

    /// <summary>The plan.</summary>
    public Plan Create()
    {
        if (operation is ProjectionBackward)
            Projection();
        else if (operation is NormBackward norm)
            Norm(norm);
        else if (operation is FeedForwardBackward feedForward)
            FeedForward(feedForward);
        else
            Add(new RotaryBackwardStep<TSet>((RotaryBackward)operation, problem));
        return Plan;
    }

    private void Projection()
    {
        Rows x = Place("x"), dy = Place("dy"), transposed = Take((long)rows * width);
        Back(dy, hidden, "w", width, Place("dx"));
        Turn(x, width, transposed);
        OfMatrix(transposed, width, dy, hidden, "dw");
        OfBias(dy, rows, hidden, "db");
    }

    private void Norm(NormBackward norm)
    {
        int items = NormBackwardStep<TSet>.ItemsOf(rows);
        Rows gain = Take((long)items * width), bias = norm.RootMeanSquare ? default : Take((long)items * width);
        Add(new NormBackwardStep<TSet>
        {
            X = Place("x"),
            Gain = Place("gain"),
            Gradient = Place("dy"),
            Output = Place("dx"),
            GainSums = gain,
            BiasSums = norm.RootMeanSquare ? null : bias,
            RowCount = rows,
            Width = width,
            Norm = norm,
        });
        OfBias(gain, items, width, "dgain");
        if (!norm.RootMeanSquare)
            OfBias(bias, items, width, "dbias");
    }

    private void FeedForward(FeedForwardBackward network)
    {
        Rows x = Place("x"), dy = Place("dy"), dx = Place("dx");
        Rows u = Take((long)rows * hidden), g = Take((long)rows * hidden), v = network.IsGated ? Take((long)rows * hidden) : default;
        Rows transposed = Take((long)rows * Math.Max(width, hidden));
        Forth(x, "w1", u);
        if (network.IsGated)
            Forth(x, "w3", v);
        Back(dy, width, "w2", hidden, g);
        Add(new ActivationBackwardStep<TSet>
        {
            Hidden = u,
            Gradient = g,
            Gate = network.IsGated ? v : null,
            Count = rows * hidden,
            Activation = network.Activation,
        });
        // u is a now, g is du and v is dv.
        Turn(u, hidden, transposed);
        OfMatrix(transposed, hidden, dy, width, "dw2");
        OfBias(dy, rows, width, "db2");
        Turn(x, width, transposed);
        OfMatrix(transposed, width, g, hidden, "dw1");
        OfBias(g, rows, hidden, "db1");
        Back(g, hidden, "w1", width, dx);
        if (!network.IsGated)
            return;
        OfMatrix(transposed, width, v, hidden, "dw3");
        OfBias(v, rows, hidden, "db3");
        Back(v, hidden, "w3", width, dx, residual: dx);
    }

    // x·W + b.
    private void Forth(Rows x, string w, Rows output) => Add(new ProductStep<TSet>
    {
        X = x,
        RowCount = rows,
        Depth = width,
        W = Place(w),
        Bias = After(w),
        Width = hidden,
        Output = output,
        Part = part,
    });

    // gradient·Wᵀ, where W is [to, from].
    private void Back(Rows gradient, int from, string w, int to, Rows output, Rows? residual = null) => Add(new ProductStep<TSet>
    {
        X = gradient,
        RowCount = rows,
        Depth = from,
        W = Place(w),
        Order = WeightOrder.OutIn,
        Width = to,
        Output = output,
        Residual = residual,
        Part = part,
    });

    private void Turn(Rows x, int columns, Rows output) =>
        Add(new TransposeStep { X = x, RowCount = rows, Width = columns, Output = output, Part = part });

    // xᵀ·gradient of transposed rows.
    private void OfMatrix(Rows transposed, int depth, Rows gradient, int columns, string output) =>
        Add(new ProductStep<TSet> { X = transposed, RowCount = depth, Depth = rows, W = gradient, Width = columns, Output = Place(output), Part = part });

    private void OfBias(Rows gradient, int count, int columns, string output) =>
        Add(new RowSumStep<TSet> { X = gradient, RowCount = count, Width = columns, Output = Place(output), Part = part });
}
