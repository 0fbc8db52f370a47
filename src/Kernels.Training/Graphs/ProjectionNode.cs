using Kernels.Abstractions;

namespace Kernels.Training.Graphs;

/// <summary>output = x·W + b, and its way back, by kernels of this suite.</summary>
internal sealed unsafe class ProjectionNode : Node
{
    private readonly PreparedCall forward;
    private readonly KernelGradients backward;

    /// <summary>Prepares the kernels.</summary>
    /// <param name="graph">Where it belongs.</param>
    /// <param name="x">[rows, width].</param>
    /// <param name="w">[width, hidden].</param>
    /// <param name="b">[1, hidden].</param>
    /// <exception cref="NotSupportedException">A kernel refuses the sizes.</exception>
    public ProjectionNode(Graph graph, Value x, Value w, Value b)
        : base(graph.Create(x.Rows, w.Columns), x, w, b)
    {
        LayerProblem problem = LayerProblem.OfRows(x.Rows, w.Rows, w.Columns);
        forward = graph.PrepareProjection(x, w, b, Output);
        backward = new(graph, Operations.ProjectionBackward, problem, [(nint)x.Data, (nint)w.Data, (nint)Output.Gradient], x, w, b);
    }

    public override void Forward() => forward.Run();

    public override void Backward() => backward.Add();
}
