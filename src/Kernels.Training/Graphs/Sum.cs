using System.Numerics.Tensors;

namespace Kernels.Training.Graphs;

/// <summary>output = a + b.</summary>
internal sealed class Sum(Value output, Value a, Value b) : Node(output, a, b)
{
    public override void Forward() => TensorPrimitives.Add(a.Numbers, b.Numbers, Output.Numbers);

    public override void Backward()
    {
        TensorPrimitives.Add(a.Gradients, Output.Gradients, a.Gradients);
        TensorPrimitives.Add(b.Gradients, Output.Gradients, b.Gradients);
    }
}
