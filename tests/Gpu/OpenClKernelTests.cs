using Kernels.Abstractions;
using Kernels.Gpu;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;
using static Kernels.Tests.Gpu.OpenClTesting;

namespace Kernels.Tests.Gpu;

[RunsOnce]
public class OpenClKernelTests
{
    public static TheoryData<string, string> Cases()
    {
        string[] shapes =
        [
            "b1-h1-q1-k1-d1", "b1-h1-q1-k131-d64", "b2-h3-q17-k17-d13", "b1-h6/2-q49-k67-d40-causal", "b1-h2-q67-k49-d40-causal",
            "b1-h2-q31-k97-d64-causal-topleft", "b2-h4/1-q101-k101-d64-window20", "b1-h2-q130-k130-d64-window127+0",
            "b1-h1-q97-k33-d13-window4", "b1-h2-q70@40-k60@10-d40-causal", "b1-h1-q33@100-k70@90-d40-window20", "b1-h1-q20@0-k30@64-d40-causal",
            "b1-h2-q65-k64-d256", "b1-h2-q64-k129-d256-causal",
        ];
        var cases = new TheoryData<string, string>();
        foreach (string shape in shapes)
        {
            cases.Add("tiled", shape);
            cases.Add("flash", shape);
        }
        // Compiling work-groups of many items takes PoCL seconds, so that one head dimension must do.
        foreach (string shape in shapes.Where(shape => shape.Contains("-d40") || shape.Contains("-d13-")))
            cases.Add("flash with a GPU's tile", shape.Replace("-d13-", "-d40-"));
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_element_equals_the_oracle(string kernel, string shape)
    {
        RequireDevice();
        AttentionProblem problem = ProblemName.Parse(shape);
        var inputs = RandomInputs(problem);

        AssertEqualsOracle(problem, inputs, Run(Kernel(kernel), problem, inputs));
    }

    [Theory]
    [InlineData("tiled")]
    [InlineData("flash")]
    public void Large_logits_do_not_overflow(string kernel)
    {
        RequireDevice();
        var problem = new AttentionProblem(1, 1, 1, 5, 70, 8, scale: 300);
        var inputs = RandomInputs(problem);
        // Few mantissa bits: products and sums are exact, so that float32 and float64 see the same logits.
        for (int i = 0; i < inputs.Q.Length; i++)
            inputs.Q[i] = MathF.Round(inputs.Q[i] * 4) / 4;
        for (int i = 0; i < inputs.K.Length; i++)
            inputs.K[i] = MathF.Round(inputs.K[i] * 4) / 4;

        AssertEqualsOracle(problem, inputs, Run(Kernel(kernel), problem, inputs));
    }

    [Theory]
    [InlineData("tiled", float.NaN)]
    [InlineData("tiled", float.PositiveInfinity)]
    [InlineData("tiled", float.NegativeInfinity)]
    [InlineData("flash", float.NaN)]
    [InlineData("flash", float.PositiveInfinity)]
    [InlineData("flash", float.NegativeInfinity)]
    public void What_is_not_finite_gives_the_formula_or_nan(string kernel, float bad)
    {
        RequireDevice();
        var problem = new AttentionProblem(1, 1, 1, 90, 90, 16, AttentionMask.Causal);
        for (int tensor = 0; tensor < 3; tensor++)
        {
            var inputs = RandomInputs(problem);
            (tensor switch { 0 => inputs.Q, 1 => inputs.K, _ => inputs.V })[40 * 16 + 3] = bad;
            float[] output = Run(Kernel(kernel), problem, inputs), finite = Run(Kernel(kernel), problem, RandomInputs(problem));
            using Inputs given = AttentionInputs.From(problem, inputs.Q, inputs.K, inputs.V);
            double[] expected = new double[16];
            for (int query = 0; query < problem.Queries; query++)
            {
                References.Suite.Of(Operations.Softmax).Gold(given, new RowBlock(0, 0, [query]), expected);
                for (int c = 0; c < 16; c++)
                    AssertFormulaOrNan(expected[c], output[query * 16 + c]);
            }
            // The first query sees neither that query nor that key. A hidden value has the weight 0, and 0 · ∞ is NaN.
            if (tensor < 2)
                Assert.Equal(finite[..16], output[..16]);
        }
    }

    [Theory]
    [InlineData("tiled")]
    [InlineData("flash")]
    public void A_repeated_call_allocates_nothing_and_gives_the_same_bits(string kernel)
    {
        RequireDevice();
        var problem = new AttentionProblem(1, 2, 1, 33, 40, 40, AttentionMask.Window(3, 5));
        var inputs = RandomInputs(problem);
        Kernel instance = Kernel(kernel);
        float[] first = Run(instance, problem, inputs);
        using Inputs given = AttentionInputs.From(problem, inputs.Q, inputs.K, inputs.V);
        using var call = new CallBuffers(instance, given, SerialExecutor.Instance);

        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            call.Call.Run();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // What allocates does so in every call; one call alone may wait for the device while another test uses it, and waiting allocates.
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => Allocated()));
        Assert.Equal(first, call.Read(AttentionOperation.O));
    }

    [Fact]
    public void Calls_from_many_threads_take_turns()
    {
        RequireDevice();
        Kernel[] kernels = [Kernel("tiled"), Kernel("flash")];
        AttentionProblem[] problems =
            [new(1, 2, 2, 20, 30, 40), new(1, 1, 1, 50, 50, 40, AttentionMask.Causal), new(2, 1, 1, 7, 90, 40, AttentionMask.Window(2, 2))];

        Parallel.For(0, 48, new ParallelOptions { MaxDegreeOfParallelism = 4 }, call =>
        {
            AttentionProblem problem = problems[call % problems.Length];
            var inputs = RandomInputs(problem, call);
            AssertEqualsOracle(problem, inputs, Run(kernels[call % kernels.Length], problem, inputs));
        });
    }

    [Fact]
    public void A_team_of_threads_runs_a_call_once()
    {
        RequireDevice();
        var problem = new AttentionProblem(1, 2, 2, 20, 30, 40);
        var inputs = RandomInputs(problem);
        float[] output = new float[problem.OutputLength];
        using var team = new Team(3);

        Kernel("flash").Forward(problem, inputs.Q, inputs.K, inputs.V, output, team);

        AssertEqualsOracle(problem, inputs, output);
    }

    [Fact]
    public void What_does_not_fit_the_device_is_refused_with_the_sizes()
    {
        RequireDevice();
        Kernel tiled = GpuKernels.All.Single(kernel => kernel.Info.Name == "gpu-opencl-tiled");
        Kernel flash = GpuKernels.All.Single(kernel => kernel.Info.Name == "gpu-opencl-flash");

        Assert.Contains("needs a buffer of", tiled.WhyNot(new AttentionProblem(1, 1024, 1024, 1 << 20, 1 << 20, 1)));
        Assert.Equal("head dimension 257 is above 256", flash.WhyNot(new AttentionProblem(1, 1, 1, 4, 4, 257)));
        Assert.Null(tiled.WhyNot(new AttentionProblem(1, 1, 1, 4, 4, 257)));
    }

    private static void AssertFormulaOrNan(double expected, float actual)
    {
        if (!float.IsNaN(actual))
            Assert.True(
                double.IsInfinity(expected) ? actual == expected : Math.Abs(actual - expected) < 1e-5, $"{actual} for {expected}");
    }
}
