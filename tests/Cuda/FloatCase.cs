using Kernels.Abstractions;
using Kernels.Bench.Validation;

namespace Kernels.Tests.Cuda;

/// <summary>A problem with seeded inputs, whose float32 outputs the gate's rule judges, with no allowance for the approximate exponential.</summary>
internal static class FloatCase
{
    private static readonly KernelInfo info = new("flash-cuda-f32", "float32 attention on a GPU", Definition.Softmax);

    public static Verdict Judge(AttentionProblem problem, InputFamily family, Func<AttentionInputs, float[]> run)
    {
        using AttentionInputs inputs = AttentionInputs.Create(problem, family, seed: 1);
        float[] output = run(inputs);
        return OutputCheck.Run(info, Expectation.Compute(Definition.Softmax, problem, inputs, ReferenceRows.All(problem)), output);
    }
}
