using Kernels.Abstractions;
using Kernels.Layers;
using Kernels.Linear;
using Kernels.Primitives.InstructionSets;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Simd;
using Kernels.Tests.Validation;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests;

/// <summary>
/// The parameters of a definition belong to a kernel's operation: kernels with others stand beside those of the catalog, and are judged by their own.
/// </summary>
public sealed class ParameterTests(GateCache cache)
{
    [Fact]
    public void Kernels_with_other_parameters_are_right_by_their_own_definition() => Assert.All(
        new Kernel[]
        {
            new TopScores<Portable>(new TopKAttention(32)), new FavorChunked<Portable>(new FavorAttention(128, seed: 2)),
            new RetentionChunked<Portable>(new RetentionAttention(6)), new LowRank<Portable>(new LinformerAttention(128, seed: 3)),
            LayerKernels.Tiled(Operations.LlamaCached with { RotaryBase = 500_000, Epsilon = 1e-6 }, Format.Float32),
            new NaiveLayer(Operations.LlamaLayer with { RotaryBase = 500 }),
        },
        kernel =>
        {
            GateOptions options = cache.Quick with { Cases = [.. GateCases.Of(GateDepth.Quick).Where((_, i) => i % 5 == 0)] };
            GateResult result = GateRun.Validate(kernel, options);
            Assert.Null(result.Failure);
            Assert.True(result.Passed > 3, $"{kernel.Info.Operation}: {result.Passed}");
        });

    [Fact]
    public void A_kernel_is_wrong_by_the_definition_of_other_parameters()
    {
        Kernel kernel = new TopScores<Portable>(new TopKAttention(32)), other = new TopScores<Portable>(new TopKAttention(31));
        var problem = new AttentionProblem(1, 1, 1, 5, 100, 16);
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        float[] output = new float[problem.OutputLength];
        other.Forward(problem, inputs["q"], inputs["k"], inputs["v"], output);
        Assert.Equal(FailureKind.Inaccurate, kernel.Judge(Expected.Of(kernel.Info.Operation, inputs), output).Failure);
    }
}
