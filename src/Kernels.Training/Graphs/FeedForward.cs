using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Training.Graphs;

/// <summary>
/// output = max(x·W1 + b1, 0)·W2 + b2 (Vaswani et al. 2017, equation 2); backwards by a kernel of this suite, which computes the numbers between
/// again.
/// </summary>
internal sealed unsafe class FeedForward : Node
{
    private readonly Value inner;
    private readonly PreparedCall first, second;
    private readonly KernelGradients backward;

    /// <summary>Prepares the kernels.</summary>
    /// <param name="graph">Where it belongs.</param>
    /// <param name="x">[rows, width].</param>
    /// <param name="w1">[width, hidden].</param>
    /// <param name="b1">[1, hidden].</param>
    /// <param name="w2">[hidden, width].</param>
    /// <param name="b2">[1, width].</param>
    /// <exception cref="NotSupportedException">A kernel refuses the sizes.</exception>
    public FeedForward(Graph graph, Value x, Value w1, Value b1, Value w2, Value b2)
        : base(graph.Create(x.Rows, w2.Columns), x, w1, b1, w2, b2)
    {
        inner = graph.Create(x.Rows, w1.Columns);
        first = graph.PrepareProjection(x, w1, b1, inner);
        second = graph.PrepareProjection(inner, w2, b2, Output);
        backward = new(
            graph, Operations.ReluFeedForwardBackward, LayerProblem.OfRows(x.Rows, w1.Rows, w1.Columns),
            [(nint)x.Data, (nint)w1.Data, (nint)b1.Data, (nint)w2.Data, (nint)Output.Gradient], x, w1, b1, w2, b2);
    }

    public override void Forward()
    {
        first.Run();
        TensorPrimitives.Max(inner.Numbers, 0f, inner.Numbers);
        second.Run();
    }

    public override void Backward() => backward.Add();
}
