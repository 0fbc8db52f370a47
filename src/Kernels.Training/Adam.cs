using System.Numerics.Tensors;
using Kernels.Training.Models;

namespace Kernels.Training;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1) with gradients whose norm is at most 1 (Pascanu, Mikolov and Bengio 2013, section 3.2), a learning rate that rises
/// over the first twentieth of the steps and falls to 0 at their end, and weights that decay by themselves (Loshchilov and Hutter 2019, algorithm 2).
/// </summary>
/// <param name="parameters">With gradients and moments.</param>
/// <param name="learningRate">The largest rate.</param>
/// <param name="decay">Of a parameter in a step, as a part of it and of the rate.</param>
/// <param name="steps">Of the whole training.</param>
internal sealed class Adam(ParameterSet parameters, double learningRate, double decay, int steps)
{
    private const float FirstDecay = 0.9f, SecondDecay = 0.98f, Epsilon = 1e-8f, LargestNorm = 1;
    private const int WarmUpShare = 20;

    private readonly float[] change = new float[parameters.Count];

    /// <summary>The rate of a step, from 0.</summary>
    public double Rate(int step)
    {
        double warmUp = Math.Max(1, steps / WarmUpShare);
        return learningRate * Math.Min((step + 1) / warmUp, (steps - step) / Math.Max(1, steps - warmUp));
    }

    /// <summary>Changes all parameters by their gradients, which are zeros afterwards.</summary>
    /// <param name="step">From 0.</param>
    public void Step(int step)
    {
        Span<float> gradients = parameters.Gradients, first = parameters.FirstMoments, second = parameters.SecondMoments;
        float norm = TensorPrimitives.Norm<float>(gradients);
        if (norm > LargestNorm)
            TensorPrimitives.Multiply(gradients, LargestNorm / norm, gradients);
        // moment += (1 − decay)·(gradient − moment).
        TensorPrimitives.Subtract(gradients, first, change);
        TensorPrimitives.MultiplyAdd(change, 1 - FirstDecay, first, first);
        TensorPrimitives.Multiply(gradients, gradients, change);
        TensorPrimitives.Subtract(change, second, change);
        TensorPrimitives.MultiplyAdd(change, 1 - SecondDecay, second, second);
        double unbias = Math.Sqrt(1 - Math.Pow(SecondDecay, step + 1)), rate = Rate(step) / (1 - Math.Pow(FirstDecay, step + 1));
        TensorPrimitives.Sqrt(second, change);
        TensorPrimitives.Divide(change, (float)unbias, change);
        TensorPrimitives.Add(change, Epsilon, change);
        TensorPrimitives.Divide(first, change, change);
        TensorPrimitives.Multiply(parameters.Numbers, (float)(1 - Rate(step) * decay), parameters.Numbers);
        TensorPrimitives.MultiplyAdd(change, (float)-rate, parameters.Numbers, parameters.Numbers);
        gradients.Clear();
    }
}
