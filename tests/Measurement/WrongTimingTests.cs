using Kernels.Abstractions;
using Kernels.Bench;
using Kernels.Measurement;
using Kernels.Measurement.Cases;
using Kernels.Measurement.Comparison;
using Kernels.Measurement.Watch;
using Kernels.Measurement.WrongTimings;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Measurement;

/// <summary>The measurement's own test: a time that is not that of the work is not believed, and every other is.</summary>
[Collection(nameof(Alone))]
[RunsOnce]
public sealed class WrongTimingTests : IDisposable
{
    private static readonly string[] honest =
    [
        "naive-backward", "flash-backward-portable", "naive-three-pass", "naive-online-step", "simd-portable", "simd-avx2",
        "simd-openblas-three-pass", "simd-top-k", "flash-portable-6x8",
        "flash-avx2-6x16", "flash-avx512-interleaved", "flash-lse-portable-6x8", "flash-step-portable-6x8", "flash-bf16-portable-6x8",
        "linear-elu-chunked", "linear-retention-chunked", "linear-delta-chunked", "linear-favor-chunked", "linear-linformer",
        "sparse-tiles-portable",
    ];

    private readonly BenchmarkEngine engine = new();

    public static TheoryData<string> Names => [.. WrongTimingSet.Create().Where(wrong => wrong.Expected is not null).Select(wrong => wrong.Info.Name)];

    public static TheoryData<string> Honest => [.. honest];

    public void Dispose() => engine.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_wrong_timing_loses_its_figure_for_its_cheat(string name)
    {
        WrongKernelResult? result = WrongTimingSet.Score().WrongKernels.SingleOrDefault(each => each.Name == name);
        Assert.SkipWhen(result is null, "this machine cannot try it");
        Assert.DoesNotContain(WrongTimingSet.Score().WrongKernels, each => each.Name == "wrong-time-honest");
        Assert.True(result.Rejected, $"{result.Mistake}: expected {result.Expected}, but: {result.Verdict ?? "believed"}");
    }

    [Fact]
    public void Every_fault_is_expected_of_some_wrong_timing()
    {
        // Too fast: PhysicalLimitTests.
        IEnumerable<TimingFault> expected = WrongTimingSet.Create().Select(wrong => wrong.Expected).OfType<TimingFault>().Append(TimingFault.TooFast);
        Assert.Equal(Enum.GetValues<TimingFault>(), expected.Distinct().Order());
    }

    [Theory]
    [InlineData("keeps-by-content")]
    [InlineData("after-many-calls")]
    [InlineData("raises-priority")]
    public void Beside_another_kernel_it_loses_its_figure_too(string name)
    {
        WrongTiming wrong = WrongTimingSet.Create().Single(each => each.Info.Name == $"wrong-time-{name}");
        var request = new CompareRequest
        {
            A = Catalog.All.Single(each => each.Info.Name == "naive-three-pass"),
            B = wrong,
            References = References.Suite,
            Entries = [],
            Rounds = 6,
        };
        using var measurement = new RowMeasurement(request);

        CompareRow row = measurement.Measure(new NamedProblem("test", WrongTimingSet.Problem), threads: 1, CancellationToken.None);

        Assert.Equal(CaseStatus.Wrong, row.Status);
        Assert.StartsWith($"wrong-time-{name}: ", row.Reason);
    }

    [Theory]
    [InlineData("keeps-by-content")]
    [InlineData("skips-filled")]
    [InlineData("for-other-shapes")]
    public void The_gate_believes_it(string name)
    {
        using var cache = new ReferenceCache();
        // They are written for clarity, and allocate.
        using var judge = new CaseJudge(cache) { ForbidsAllocation = false };
        var options = new GateOptions { Cases = [.. GateCases.Of(GateDepth.Quick).Where((_, i) => i % 4 == 0)], Cache = cache, Judge = judge };
        Kernel wrong = WrongTimingSet.Create().Single(each => each.Info.Name == $"wrong-time-{name}");

        GateResult gate = GateRun.Validate(wrong, options);

        Assert.Null(gate.Failure);
        Assert.True(gate.Passed > 5);
    }

    [Theory]
    [MemberData(nameof(Honest))]
    public void An_honest_kernel_keeps_its_figure(string name)
    {
        Kernel kernel = Catalog.All.Single(each => each.Info.Name == name);
        Assert.SkipWhen(kernel.Unavailable is not null, kernel.Unavailable ?? "");
        AttentionProblem problem = ProblemName.Parse(name.Contains("linformer") ? "h4/2-q100-k100-d64" : "h4/2-q100-k100-d64-causal");

        foreach (int threads in new[] { 1, 2 })
        {
            CaseResult result = Measure(kernel, problem, threads);

            Assert.Equal((CaseStatus.Measured, null), (result.Status, result.Reason));
        }
    }

    [Theory]
    [InlineData("h4/2-q100-k100-d64-window20+3")]
    [InlineData("h2-q130-k130-d64-longnet32x1+96x4")]
    [InlineData("h8/2-q1-k700-d64")]
    [InlineData("b2-h2-q70-k30-d64-causal")]
    public void So_does_one_under_any_mask(string problem)
    {
        Kernel kernel = Catalog.All.Single(each => each.Info.Name == "naive-triple-loop");
        Kernel patterns = Catalog.All.Single(each => each.Info.Name == "sparse-tiles-portable");
        AttentionProblem parsed = ProblemName.Parse(problem);

        CaseResult result = Measure(kernel.WhyNot(parsed) is null ? kernel : patterns, parsed, threads: 1);

        Assert.Equal((CaseStatus.Measured, null), (result.Status, result.Reason));
    }

    [Theory]
    [InlineData("h4/2-q40-k30-d8-causal")]
    [InlineData("b2-h2-q33-k33-d9")]
    public void Gradients_of_keys_are_watched_call_by_call(string name)
    {
        AttentionProblem problem = ProblemName.Parse(name);
        using var data = new ProblemData(References.Suite);
        // None of the samples ends as given, so nothing else compares dK and dV.
        var kernel = new ScalarBackward { FinishKey = (_, _, numbers) => numbers.AsSpan(numbers.Length / 2).Clear() };

        Sample(data, problem, new ScalarBackward());
        TimingException fault = Assert.Throws<TimingException>(() => Sample(data, problem, kernel));
        Assert.Equal(TimingFault.WrongResult, fault.Fault);
        Assert.Contains(", key ", fault.Message);
    }

    /// <summary>Outputs of 16 bits are compared as the numbers that are rounded to them.</summary>
    [Fact]
    public void Rows_of_16_bits_are_watched_call_by_call()
    {
        AttentionProblem problem = ProblemName.Parse("h2-q20-k30-d16");
        OperationReference reference = References.Suite.Of(Operations.Softmax);
        using var data = new ProblemData(References.Suite);

        Sample(data, problem, reference.Controls.Single(each => each.Info.Format.Output == Element.BFloat16));
        Kernel wrong = reference.WrongKernels().Single(each => each.Kernel.Info.Name.EndsWith("swapped-output")).Kernel;
        Assert.Equal(TimingFault.WrongResult, Assert.Throws<TimingException>(() => Sample(data, problem, wrong)).Fault);
    }

    /// <summary>Rows of dW are sums over all rows, of which there may be fewer or more than rows of dW.</summary>
    [Theory]
    [InlineData("b2-h2-q9-k9-d4-m40-f7")]
    [InlineData("b3-h1-q50-k50-d4-m5-f33")]
    public void Gradients_of_weights_are_watched_call_by_call(string name)
    {
        AttentionProblem problem = ProblemName.Parse(name);
        OperationReference reference = References.Suite.Of(Operations.ProjectionBackward);
        using var data = new ProblemData(References.Suite);

        Sample(data, problem, reference.Controls.Single());
        Kernel wrong = reference.WrongKernels().Single(each => each.Kernel.Info.Name.EndsWith("matrix-of-last-sequence")).Kernel;
        TimingException fault = Assert.Throws<TimingException>(() => Sample(data, problem, wrong));
        Assert.Equal(TimingFault.WrongResult, fault.Fault);
        Assert.Contains("at dw, row ", fault.Message);
    }

    [Theory]
    [InlineData("layers-tiled-projection-backward")]
    [InlineData("layers-tiled-norm-backward-rms")]
    [InlineData("layers-tiled-feed-forward-backward-swiglu")]
    [InlineData("layers-tiled-feed-forward-backward-relu")]
    [InlineData("layers-tiled-rope-backward")]
    public void Honest_gradients_of_layers_keep_their_figure(string name)
    {
        Kernel kernel = Catalog.All.Single(each => each.Info.Name == name);
        Assert.SkipWhen(kernel.Unavailable is not null, kernel.Unavailable ?? "");
        foreach (int threads in new[] { 1, 2 })
        {
            CaseResult result = Measure(kernel, ProblemName.Parse("b2-h4-q50-k60-d16-m70-f130"), threads);

            Assert.Equal((CaseStatus.Measured, null), (result.Status, result.Reason));
        }
    }

    [Fact]
    public void The_inputs_are_as_they_were_afterwards()
    {
        AttentionProblem problem = ProblemName.Parse("h2-q64-k64-d32");
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, 1), before = AttentionInputs.Create(problem, InputFamily.Normal, 1);
        Kernel kernel = Catalog.All.Single(each => each.Info.Name == "simd-portable");
        using (var sampled = new SampledKernel(kernel, threads: 1, inputs, eviction: null, CancellationToken.None))
        {
            Pilot.CallNs(sampled);
            sampled.RequireNoMemory();
            engine.NanosecondsPerCall(
                [.. Enumerable.Repeat(new Sample(sampled, 3, 0), 6), .. Enumerable.Repeat(new Sample(sampled, 1, 1), 6)], 0, CancellationToken.None);
        }

        Assert.All(inputs.Names, name => Assert.True(inputs[name].SequenceEqual(before[name]), name));
    }

    private CaseResult Measure(Kernel kernel, AttentionProblem problem, int threads)
    {
        using var measurement = new CaseMeasurement(
            engine, new CaseLimits(TimeSpan.FromSeconds(0.02), TimeSpan.FromSeconds(60), budget: null), References.Suite);
        return measurement.Measure(new PlannedCase(kernel, "test", problem, threads), CancellationToken.None);
    }

    private void Sample(ProblemData data, AttentionProblem problem, Kernel timed)
    {
        using var sampled = new SampledKernel(timed, threads: 1, data.Inputs(timed.Info, problem), eviction: null, CancellationToken.None);
        sampled.CompareWith(() => data.Expectation(timed.Info, problem));
        engine.NanosecondsPerCall([.. Enumerable.Repeat(new Sample(sampled, 3, 0), 60)], 0, CancellationToken.None);
    }
}
