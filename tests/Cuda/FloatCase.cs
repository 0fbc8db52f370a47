using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;

namespace Kernels.Tests.Cuda;

/// <summary>A problem with seeded inputs, whose float32 outputs the gate's rule judges, with no allowance for the approximate exponential.</summary>
internal static class FloatCase
{
    private static readonly KernelInfo info = new("flash-cuda-f32", "float32 attention on a GPU", Operations.Softmax);

    public static Verdict Judge(AttentionProblem problem, InputFamily family, Func<Inputs, float[]> run)
    {
        using Inputs inputs = AttentionInputs.Create(problem, family, seed: 1);
        float[] output = run(inputs);
        OperationReference reference = References.Suite.Of(Operations.Softmax);
        var expectation = Expectation.Compute(reference, inputs, ReferenceRows.All(reference, problem));
        return OutputCheck.Run(info, expectation, expectation.Outputs[0], output);
    }
}
