using Kernels.Abstractions;
using Kernels.Models;

namespace Kernels.Training.Graphs;

/// <summary>
/// A computation of fixed sizes: its nodes in order, and the memory of what they compute. It is built once and run any number of times, for a batch
/// at a time.
/// </summary>
/// <param name="kernels">What its nodes run on.</param>
/// <param name="executor">Runs the kernels; the caller owns it.</param>
public sealed unsafe class Graph(TrainingKernels kernels, IExecutor executor) : IDisposable
{
    private readonly NativeBlocks blocks = new();
    private readonly List<Node> nodes = [];
    private readonly List<Value> values = [];

    /// <summary>Its nodes in the order in which they run.</summary>
    internal IReadOnlyList<Node> Nodes => nodes;

    /// <summary>What nodes write, and constants that they read.</summary>
    internal IReadOnlyList<Value> Values => values;

    /// <summary>What its nodes run on.</summary>
    internal TrainingKernels Kernels => kernels;

    /// <summary>Computes all nodes.</summary>
    public void Forward()
    {
        foreach (Node node in nodes)
            node.Forward();
    }

    /// <summary>Adds the gradients of all parameters to what they have; those of values between are computed anew.</summary>
    public void Backward()
    {
        foreach (Value value in values)
            value.Gradients.Clear();
        for (int i = nodes.Count - 1; i >= 0; i--)
            nodes[i].Backward();
    }

    /// <inheritdoc/>
    public void Dispose() => blocks.Dispose();

    /// <summary>A value between nodes.</summary>
    internal Value Create(int rows, int columns)
    {
        var value = new Value(rows, columns, Take((long)rows * columns), Take((long)rows * columns));
        values.Add(value);
        return value;
    }

    /// <summary>Zeros that live as long as the graph.</summary>
    internal float* Take(long floats) => (float*)blocks.Take(sizeof(float) * floats);

    /// <summary>Adds a node behind the others.</summary>
    /// <returns>Its output.</returns>
    internal Value Add(Node node)
    {
        nodes.Add(node);
        return node.Output;
    }

    /// <summary>A kernel on a problem, whose operands lie at these addresses, in the order of its operation.</summary>
    /// <exception cref="NotSupportedException">The kernel refuses the problem.</exception>
    internal PreparedCall Prepare(Kernel kernel, Problem problem, params ReadOnlySpan<nint> addresses) =>
        AddressedCall.Of(kernel, problem, executor, blocks, addresses);

    /// <summary>y = x·W + b.</summary>
    /// <exception cref="NotSupportedException">The kernel refuses the sizes.</exception>
    internal PreparedCall PrepareProjection(Value x, Value w, Value b, Value y) =>
        Prepare(kernels[Operations.Projection], LayerProblem.OfRows(x.Rows, w.Rows, w.Columns), (nint)x.Data, (nint)w.Data, (nint)b.Data, (nint)y.Data);
}
