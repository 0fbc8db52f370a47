using Kernels.Abstractions;
using Kernels.Linear;
using Kernels.Reference;
using Kernels.Simd;
using Kernels.Sparse;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Simd;

/// <summary>The kernels that share the vector helpers, on shapes that end inside a vector, a register block, a tile or a chunk.</summary>
public sealed class VectorKernelTests
{
    private static readonly string[] shapes =
    [
        "b1-h1-q1-k1-d1", "b2-h4/2-q49-k97-d13", "b1-h2/1-q97-k49-d40-causal", "b1-h1-q50-k131-d72-causal",
        "b1-h1-q131-k50-d64-causal-topleft",
        "b1-h2-q70-k70-d80-window16", "b1-h1-q64-k60-d5-window3+0", "b1-h1-q33-k90-d17-window0+20", "b1-h1-q60-k200-d256-window100",
        "b1-h1-q5-k530-d33",
    ];

    private static IEnumerable<Kernel> Kernels => [.. SimdKernels.All, .. SparseKernels.All, .. LinearKernels.All];

    /// <summary>Those of the forward pass: gradients have other operands, and tests of their own.</summary>
    public static TheoryData<string> Names => [.. Kernels.Where(kernel => !kernel.Info.Operation.IsGradient).Select(kernel => kernel.Info.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Awkward_shapes_are_right_for_moderate_and_large_logits(string name)
    {
        Kernel kernel = Available(name);
        foreach (AttentionProblem problem in Accepted(kernel))
        {
            foreach (InputFamily family in new[] { InputFamily.Normal, InputFamily.Resonance })
            {
                using Inputs inputs = AttentionInputs.Create(problem, family, seed: 3);
                Expectation reference = Expected.Of(kernel.Info.Operation, inputs);
                Verdict verdict = Gate.Run(kernel, reference);
                Assert.True(verdict.Passed, $"{name} {problem} {family}: {verdict.Message}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Several_threads_compute_the_same_numbers(string name)
    {
        Kernel kernel = Available(name);
        AttentionProblem problem = Accepted(kernel).First(problem => problem.Heads > 1);
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 5);
        float[] expected = Run(kernel, inputs);
        for (int repeat = 0; repeat < 20; repeat++)
            Assert.Equal(expected, Run(kernel, inputs, threads: 4));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_key_of_infinities_never_gives_a_wrong_finite_number(string name)
    {
        Kernel kernel = Available(name);
        foreach (float value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            foreach (AttentionProblem problem in Accepted(kernel).Where(problem => problem.Keys < 100))
            {
                using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 7);
                inputs["k"].Slice(problem.Keys / 2 * problem.HeadDim, problem.HeadDim).Fill(value);
                Expectation reference = Expected.Of(kernel.Info.Operation, inputs);
                Verdict verdict = Gate.Run(kernel, reference);
                Assert.True(verdict.Passed, $"{name} {problem} {value}: {verdict.Message}");
            }
        }
    }

    [Fact]
    public void Linear_attention_refuses_windows()
    {
        var problem = new AttentionProblem(1, 1, 1, 8, 8, 4, AttentionMask.Window(2, 2));
        Assert.All(LinearKernels.All, kernel => Assert.Contains("window", kernel.WhyNot(problem), StringComparison.Ordinal));
    }

    private static Kernel Available(string name)
    {
        Kernel kernel = Kernels.Single(kernel => kernel.Info.Name == name);
        Assert.SkipWhen(kernel.Unavailable is not null, $"{name}: {kernel.Unavailable}");
        return kernel;
    }

    private static IEnumerable<AttentionProblem> Accepted(Kernel kernel) =>
        shapes.Select(ProblemName.Parse).Where(problem => kernel.WhyNot(problem) is null);

    private static float[] Run(Kernel kernel, Inputs inputs, int threads = 1)
    {
        float[] output = new float[((AttentionProblem)inputs.Problem).OutputLength];
        kernel.Forward((AttentionProblem)inputs.Problem, inputs["q"], inputs["k"], inputs["v"], output, threads);
        return output;
    }
}
