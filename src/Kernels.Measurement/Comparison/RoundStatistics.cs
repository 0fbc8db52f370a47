using Kernels.Measurement.Cases;
using Kernels.Results;

namespace Kernels.Measurement.Comparison;

/// <summary>Statistics of the rounds of a comparison: medians with their intervals.</summary>
internal static class RoundStatistics
{
    /// <summary>Fills a row from its rounds.</summary>
    public static CompareRow Of(
        CompareRow row, ISampled a, ISampled? b, RoundCeilings ceilings, IReadOnlyList<Round> rounds)
    {
        MedianInterval self = MedianInterval.Of([.. rounds.Select(SelfRatio)]);
        double floor = Floor(self);
        MedianInterval? ratio = b is null ? null : MedianInterval.Of([.. rounds.Select(round => round.Ns / round.OtherNs!.Value)]);
        double? peak = Median(rounds.Select(round => round.PeakGflops)), read = Median(rounds.Select(round => round.ReadGigabytesPerSecond));
        bool FeelsReading(ISampled contestant) =>
            read is { } rate && peak is { } most && RoundCeilings.IsFelt(contestant.Bytes, rate, contestant.ExactFlops, most);
        List<ContestantResult> contestants = [Contestant(a, rounds, round => round.Ns, FeelsReading(a))];
        if (b is not null)
            contestants.Add(Contestant(b, rounds, round => round.OtherNs!.Value, FeelsReading(b)));
        return row with
        {
            Status = CaseStatus.Measured,
            Rounds = rounds.Count,
            Contestants = contestants,
            Ratio = ratio,
            SelfRatio = self,
            NoiseFloor = floor,
            Faster = ratio is { } known ? ComparisonVerdict.Faster(a.Name, b!.Name, known, floor) : null,
            Peak = peak is { } gflops ? new FmaPeak(ceilings.InstructionSet!, row.Threads, gflops) : null,
            Read = read is { } rate ? ceilings.Read! with { GigabytesPerSecond = rate } : null,
        };
    }

    /// <summary>The larger distance of an interval's ends from 1.</summary>
    public static double Floor(MedianInterval self) => Math.Max(self.High - 1, 1 - self.Low);

    // A linear drift over a round makes every second sample slower; alternating the direction keeps the median unbiased.
    private static double SelfRatio(Round round, int index) =>
        index % 2 == 0 ? round.FirstNs / round.SecondNs : round.SecondNs / round.FirstNs;

    private static ContestantResult Contestant(
        ISampled contestant, IReadOnlyList<Round> rounds, Func<Round, double> ns, bool feelsReading)
    {
        MedianInterval time = MedianInterval.Of([.. rounds.Select(ns)]);
        double bytes = contestant.Bytes, flops = contestant.ExactFlops;
        bool bound = contestant.RunsOnProcessor;
        return new ContestantResult
        {
            Name = contestant.Name,
            Ns = time,
            ExactGflops = flops / time.Median,
            PeakShare = bound ? Share(rounds.Select(round => flops / ns(round) / round.PeakGflops)) : null,
            ExecutedPeakShare = bound && contestant.ExecutedFlops is { } executed
                ? Share(rounds.Select(round => executed / ns(round) / round.PeakGflops))
                : null,
            ReadShare = bound && feelsReading ? Share(rounds.Select(round => bytes / ns(round) / round.ReadGigabytesPerSecond)) : null,
            RoundsNs = [.. rounds.Select(ns)],
        };
    }

    private static MedianInterval? Share(IEnumerable<double?> shares)
    {
        double[] known = [.. shares.OfType<double>()];
        return known.Length == 0 ? null : MedianInterval.Of(known);
    }

    private static double? Median(IEnumerable<double?> rates)
    {
        double[] known = [.. rates.OfType<double>()];
        return known.Length == 0 ? null : MedianInterval.Of(known).Median;
    }
}
