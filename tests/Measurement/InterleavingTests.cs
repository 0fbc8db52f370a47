using Kernels.Abstractions;
using Kernels.Measurement.Cases;
using Kernels.Measurement.Comparison;
using Kernels.Results;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Measurement;

[Collection(nameof(Alone))]
public class InterleavingTests
{
    private static readonly AttentionProblem problem = new(1, 1, 1, 16, 16, 8);

    private readonly List<string> order = [];

    [Fact]
    public void B_lies_between_two_samples_of_A()
    {
        IReadOnlyList<Round> rounds = Run(Contestant("a", _ => 100), Contestant("b", _ => 50), 6);

        Assert.Equal(6, rounds.Count);
        Assert.Equal(Enumerable.Repeat(new[] { "a", "b", "a" }, 6).SelectMany(each => each), order.TakeLast(18));
        Assert.All(rounds, round => Assert.Equal((100, 50.0, 100), (round.FirstNs, round.OtherNs, round.SecondNs)));
    }

    [Fact]
    public void A_clock_that_slows_down_evenly_changes_neither_the_ratio_nor_the_noise()
    {
        // Every sample takes 2 % longer than the one before, from whomever.
        double Slower(double ns) => ns * Math.Pow(1.02, order.Count);
        (FakeContestant a, FakeContestant b) = (Contestant("a", _ => Slower(300)), Contestant("b", _ => Slower(200)));

        CompareRow row = Row(a, b, Run(a, b, 20));

        Assert.Equal(1.5, row.Ratio!.Value.Median, 1e-9);
        Assert.InRange(row.Ratio.Value.High - row.Ratio.Value.Low, 0, 1e-9);
        // The second sample of A is 4 % later: half of the rounds say so in each direction.
        Assert.Equal(1, row.SelfRatio!.Value.Median, 1e-3);
        Assert.InRange(row.NoiseFloor!.Value, 0.039, 0.041);
        Assert.Equal("b", row.Faster);
    }

    [Fact]
    public void Noise_as_large_as_the_difference_tells_nothing_apart()
    {
        var random = new Random(7);
        double Noisy(double ns) => ns * (0.8 + 0.4 * random.NextDouble());
        (FakeContestant a, FakeContestant b) = (Contestant("a", _ => Noisy(100)), Contestant("b", _ => Noisy(99)));

        CompareRow row = Row(a, b, Run(a, b, 31));

        Assert.Null(row.Faster);
        Assert.Contains("no significant difference", ComparisonVerdict.Sentence(row));
    }

    [Fact]
    public void A_alone_is_compared_with_itself()
    {
        FakeContestant a = Contestant("a", _ => 1000);

        CompareRow row = Row(a, null, Run(a, null, 8));

        Assert.Null(row.Ratio);
        Assert.Null(row.Faster);
        Assert.Equal(0, row.NoiseFloor);
        Assert.Equal(Operations.Softmax.Flops(problem) / 1000, Assert.Single(row.Contestants).ExactGflops, 1e-12);
    }

    [Fact]
    public void Shares_are_of_the_ceilings_of_the_same_round()
    {
        FakeContestant a = Contestant("a", _ => 1000);
        double flops = a.ExactFlops;
        // The clock halves after half of the rounds, for the kernel and for the peak.
        Round[] rounds = [.. Enumerable.Range(0, 10).Select(i => i < 5
            ? new Round(1000, null, 1000, 2 * flops / 1000, null)
            : new Round(2000, null, 2000, flops / 1000, null))];

        MedianInterval share = Row(a, null, rounds).Contestants[0].PeakShare!.Value;

        Assert.Equal(new MedianInterval(0.5, 0.5, 0.5), share);
    }

    [Fact]
    public void What_a_kernel_executes_has_a_share_of_its_own()
    {
        FakeContestant a = Contestant("a", _ => 1000);
        a.ExecutedFlops = 1.5 * a.ExactFlops;
        Round[] rounds = [.. Enumerable.Repeat(new Round(1000, null, 1000, 2 * a.ExactFlops / 1000, null), 6)];

        ContestantResult result = Row(a, null, rounds).Contestants[0];

        Assert.Equal((0.5, 0.75), (result.PeakShare!.Value.Median, result.ExecutedPeakShare!.Value.Median));
    }

    [Fact]
    public void A_device_has_no_share_of_the_processor()
    {
        FakeContestant a = Contestant("a", _ => 1000);
        a.RunsOnProcessor = false;

        ContestantResult result = Row(a, null, [.. Enumerable.Repeat(new Round(1000, null, 1000, 100, null), 6)]).Contestants[0];

        Assert.Equal((null, null), (result.PeakShare, result.ReadShare));
    }

    [Theory]
    [InlineData(1e3, 1e3, null, false, 31, 30_000)]
    [InlineData(1e6, 2e6, 9, false, 9, 30)]
    [InlineData(1e6, 1e6, null, true, 31, 1)]
    [InlineData(3e9, 1e9, null, false, 6, 1)]
    public void A_plan_suits_the_length_of_a_call(double ns, double otherNs, int? rounds, bool cold, int expectedRounds, int expectedCalls)
    {
        var plan = RoundPlan.For(ns, otherNs, rounds, cold);

        Assert.Equal((expectedRounds, expectedCalls), (plan.Rounds, plan.Calls));
    }

    [Fact]
    public void It_stops_between_two_samples()
    {
        using var stop = new CancellationTokenSource();
        FakeContestant a = Contestant("a", sample =>
        {
            if (sample == 40)
                stop.Cancel();
            return 1e6;
        });
        using RoundCeilings ceilings = Ceilings(a);
        using var engine = new BenchmarkEngine();

        Assert.ThrowsAny<OperationCanceledException>(() => Interleaving.Run(engine, a, null, ceilings, 100, cold: false, stop.Token));
        Assert.Equal(40, order.Count);
    }

    private static RoundCeilings Ceilings(ISampled a) =>
        new(a.Bytes, a.ExactFlops, threads: 1, peakBits: null, cold: false, new Dictionary<string, long> { ["L2"] = 1 << 20 });

    private static CompareRow Row(ISampled a, ISampled? b, IReadOnlyList<Round> rounds)
    {
        using RoundCeilings ceilings = Ceilings(a);
        var row = new CompareRow { Problem = problem.ToString(), Threads = 1, Status = CaseStatus.Unsupported };
        return RoundStatistics.Of(row, a, b, ceilings, rounds);
    }

    private FakeContestant Contestant(string name, Func<int, double> ns) => new(name, order, ns);

    private static IReadOnlyList<Round> Run(ISampled a, ISampled? b, int rounds)
    {
        using RoundCeilings ceilings = Ceilings(a);
        using var engine = new BenchmarkEngine();
        return Interleaving.Run(engine, a, b, ceilings, rounds, cold: false, CancellationToken.None);
    }

    /// <summary>Takes as long as it says, and notes when it was asked.</summary>
    private sealed class FakeContestant(string name, List<string> order, Func<int, double> ns) : ISampled
    {
        public string Name => name;

        public double ExactFlops => Operations.Softmax.Flops(problem);

        public long Bytes => Operations.Softmax.Bytes(problem, Format.Float32);

        public double? ExecutedFlops { get; set; }

        public bool RunsOnProcessor { get; set; } = true;

        public double? AllocatedBytesPerCall => null;

        public void BeginSample(Sample sample)
        {
        }

        public double? Call(int calls)
        {
            order.Add(name);
            return calls * ns(order.Count(each => each == name));
        }

        public void EndSample(int calls)
        {
        }

        public Verdict Check(Expectation reference) => throw new InvalidOperationException("nothing is checked between samples");

        public void Dispose()
        {
        }
    }
}
