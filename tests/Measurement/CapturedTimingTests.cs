using Kernels.Abstractions;
using Kernels.Bench;
using Kernels.Measurement.Cases;
using Kernels.Measurement.Runs;
using Kernels.Measurement.Watch;
using Kernels.Measurement.WrongTimings;
using Kernels.Reference;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Measurement;

/// <summary>Captured inputs in the measurement: they change from call to call, and queries look at the same keys all the same.</summary>
[Collection(nameof(Alone))]
[RunsOnce]
public sealed class CapturedTimingTests
{
    private const int Layers = 2, Heads = 2, HeadDim = 32, Tokens = 100;

    // Of 1.5·N(0, 1): the largest weight of a row is about a third.
    private static readonly References references = new()
    {
        Captured = new(() => new CapturedHeads(Layers, Heads, HeadDim, [Tokens], Numbers(1), Numbers(2), Numbers(3))),
    };

    [Theory]
    [InlineData("h4/2-q7-k9-d32")]
    [InlineData("b2-h2-q5-k5-d3v5")]
    public void Other_signs_leave_every_score_and_change_every_output(string name)
    {
        AttentionProblem problem = ProblemName.Parse(name);
        using Inputs inputs = Create(problem), before = Create(problem);
        NewSigns.Flip(Operations.Softmax, inputs, seed: 7);

        Assert.All(inputs.Names, operand => Assert.False(inputs[operand].SequenceEqual(before[operand])));
        for (int head = 0; head < problem.Batch * problem.Heads; head++)
        {
            Assert.Equal(Scores(before, problem, head), Scores(inputs, problem, head));
            for (int key = 0; key < problem.Keys; key++)
                Assert.Equal(-before.HeadV(head)[key * problem.ValueDim], inputs.HeadV(head)[key * problem.ValueDim]);
        }

        NewSigns.Flip(Operations.Softmax, inputs, seed: 7);
        Assert.All(inputs.Names, operand => Assert.True(inputs[operand].SequenceEqual(before[operand])));
    }

    [Theory]
    [InlineData("naive-three-pass")]
    [InlineData("flash-bf16-portable-6x8")]
    public void A_kernel_is_measured_on_them(string name)
    {
        CaseResult result = Measure(Catalog.All.Single(each => each.Info.Name == name), ProblemName.Parse("b2-h2-q100-k100-d32"));
        Assert.Equal((CaseStatus.Measured, null), (result.Status, result.Reason));
    }

    [Theory]
    [InlineData("keeps-by-content", TimingFault.RemembersInputs)]
    [InlineData("keeps-by-pointer", TimingFault.WrongResult)]
    public void A_kept_result_is_not_believed(string name, TimingFault fault)
    {
        WrongTiming wrong = WrongTimingSet.Create().Single(each => each.Info.Name == $"wrong-time-{name}");
        // Beside other load a cheat may drown in the noise once.
        TimingFault?[] found = [.. Enumerable.Range(0, 3).Select(_ => Measure(wrong, WrongTimingSet.Problem).Fault)];
        Assert.Contains(fault, found);
    }

    [Fact]
    public void A_run_on_them_is_continued_on_them()
    {
        RunHeader header = Samples.Header();
        RunHeader on = header with { Results = header.Results with { Run = header.Results.Run with { Inputs = "captured" } } };
        Assert.Equal(InputFamily.Captured, on.ToRequest(null, Find).Inputs);
        Assert.Equal(InputFamily.Normal, header.ToRequest(null, Find).Inputs);
        on.RequireSame(header.Results.Machine, Samples.Request with { Inputs = InputFamily.Captured }, Catalog.All);
        Assert.Contains("made on captured inputs", Assert.Throws<UserError>(() =>
            on.RequireSame(header.Results.Machine, Samples.Request, Catalog.All)).Message);
        RunHeader other = header with { Results = header.Results with { Run = header.Results.Run with { Inputs = "7" } } };
        Assert.Contains("no inputs 7", Assert.Throws<UserError>(() => other.ToRequest(null, Find)).Message);

        static Kernel Find(string name, DeviceWish? device) => Catalog.All.Single(kernel => kernel.Info.Name == name);
    }

    private static CaseResult Measure(Kernel kernel, AttentionProblem problem)
    {
        using var engine = new BenchmarkEngine();
        using var measurement = new CaseMeasurement(
            engine, new CaseLimits(TimeSpan.FromSeconds(0.03), TimeSpan.FromSeconds(60), budget: null), references, cold: false, InputFamily.Captured);
        return measurement.Measure(new PlannedCase(kernel, "test", problem, 1), CancellationToken.None);
    }

    private static Inputs Create(AttentionProblem problem) => references.Of(Operations.Softmax).CreateInputs(problem, InputFamily.Captured, 1);

    // Products are exact in float64 and sums in the same order, so a changed sign of both factors changes no bit.
    private static double[] Scores(Inputs inputs, AttentionProblem problem, int head)
    {
        float[] q = inputs.HeadQ(head).ToArray(), k = inputs.HeadK(head).ToArray();
        int d = problem.HeadDim;
        return
        [
            .. from query in Enumerable.Range(0, problem.Queries)
               from key in Enumerable.Range(0, problem.Keys)
               select Enumerable.Range(0, d).Sum(channel => (double)q[query * d + channel] * k[key * d + channel]),
        ];
    }

    private static float[] Numbers(int stream)
    {
        var random = new SeededNormal(1, stream);
        float[] numbers = new float[Layers * Heads * Tokens * HeadDim];
        foreach (ref float number in numbers.AsSpan())
            number = (float)(1.5 * random.Next());
        return numbers;
    }
}
