using System.Numerics.Tensors;

namespace Kernels.Training.Graphs;

/// <summary>output = max(x, 0) (Vaswani et al. 2017, equation 2).</summary>
internal sealed class Rectifier(Value output, Value x) : Node(output, x)
{
    public override void Forward() => TensorPrimitives.Max(x.Numbers, 0f, Output.Numbers);

    public override void Backward()
    {
        ReadOnlySpan<float> numbers = x.Numbers, gradients = Output.Gradients;
        Span<float> sums = x.Gradients;
        for (int i = 0; i < sums.Length; i++)
            sums[i] += numbers[i] > 0 ? gradients[i] : 0;
    }
}
