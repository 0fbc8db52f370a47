using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Training.Graphs;

/// <summary>A backward pass by a kernel of this suite, which writes gradients; they are added to those that are there.</summary>
internal sealed unsafe class KernelGradients
{
    private readonly PreparedCall call;
    private readonly (Value Value, nint Written)[] outputs;

    /// <summary>Prepares the kernel.</summary>
    /// <param name="graph">Where it belongs.</param>
    /// <param name="operation">The backward pass.</param>
    /// <param name="problem">Its sizes.</param>
    /// <param name="inputs">Addresses of what it reads, in the order of its operands.</param>
    /// <param name="values">Whose gradients it writes, in that order.</param>
    /// <exception cref="NotSupportedException">The kernel refuses the problem.</exception>
    public KernelGradients(Graph graph, Operation operation, Problem problem, IEnumerable<nint> inputs, params IReadOnlyList<Value> values)
    {
        outputs = [.. values.Select(value => (value, (nint)graph.Take(value.Count)))];
        call = graph.Prepare(graph.Kernels[operation], problem, [.. inputs, .. outputs.Select(output => output.Written)]);
    }

    /// <summary>Computes and adds.</summary>
    public void Add()
    {
        call.Run();
        foreach ((Value value, nint written) in outputs)
            TensorPrimitives.Add(value.Gradients, new ReadOnlySpan<float>((void*)written, value.Count), value.Gradients);
    }
}
