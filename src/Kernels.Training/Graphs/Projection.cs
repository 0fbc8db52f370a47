using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Training.Graphs;

/// <summary>output = x·W + b. Backwards dx = dy·Wᵀ, dW = xᵀ·dy, db = Σ dy over the rows.</summary>
internal sealed unsafe class Projection : Node
{
    private readonly Value x, w, b;
    private readonly PreparedCall forward;
    private readonly float* transposed;

    /// <summary>Prepares the kernels.</summary>
    /// <param name="graph">Where it belongs.</param>
    /// <param name="x">[rows, width].</param>
    /// <param name="w">[width, hidden].</param>
    /// <param name="b">[1, hidden].</param>
    public Projection(Graph graph, Value x, Value w, Value b)
        : base(graph.Create(x.Rows, w.Columns), x, w, b)
    {
        (this.x, this.w, this.b) = (x, w, b);
        LayerProblem problem = ProjectionForward.Problem(x.Rows, x.Columns, w.Columns);
        forward = graph.Prepare(ProjectionKernel.Instance, problem, (nint)x.Data, (nint)w.Data, (nint)b.Data, (nint)Output.Data);
        transposed = graph.Take((long)w.Rows * w.Columns);
    }

    public override void Forward() => forward.Run();

    public override void Backward()
    {
        int width = w.Rows, hidden = w.Columns;
        for (int row = 0; row < width; row++)
            for (int column = 0; column < hidden; column++)
                transposed[(nint)column * width + row] = w.Data[(nint)row * hidden + column];
        Product.Widest.Multiply(x.Rows, hidden, width, new(Output.Gradient, hidden), new(transposed, width), new(x.Gradient, width), add: true);
        Product.Widest.Multiply(width, x.Rows, hidden, new(x.Data, 1, width), new(Output.Gradient, hidden), new(w.Gradient, hidden), add: true);
        for (int row = 0; row < Output.Rows; row++)
            TensorPrimitives.Add(b.Gradients, Output.GradientRow(row), b.Gradients);
    }
}
