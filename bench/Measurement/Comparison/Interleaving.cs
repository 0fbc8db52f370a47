using System.Diagnostics;

namespace Kernels.Bench.Measurement.Comparison;

/// <summary>Runs A, B, A in rounds, with a probe of the ceilings between two rounds.</summary>
internal static class Interleaving
{
    /// <summary>All rounds, in order.</summary>
    /// <param name="a">A.</param>
    /// <param name="b">B; null to measure A alone.</param>
    /// <param name="ceilings">Probed before, between and after.</param>
    /// <param name="rounds">Number of rounds; null for as many as suit the length of a call.</param>
    /// <param name="cold">Whether each sample is one call on empty caches.</param>
    /// <param name="stop">Ends it between two samples.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static IReadOnlyList<Round> Run(
        IContestant a, IContestant? b, RoundCeilings ceilings, int? rounds, bool cold, CancellationToken stop)
    {
        var plan = RoundPlan.For(WholeNs(a, stop), b is null ? 0 : WholeNs(b, stop), rounds, cold);
        List<Round> all = [];
        (double? peak, double? read) = (ceilings.SamplePeak(), ceilings.SampleRead());
        while (all.Count < plan.Rounds)
        {
            double first = Sample(a, plan.Calls, stop);
            double? other = b is null ? null : Sample(b, plan.OtherCalls, stop);
            double second = Sample(a, plan.Calls, stop);
            (double? nextPeak, double? nextRead) = (ceilings.SamplePeak(), ceilings.SampleRead());
            all.Add(new Round(first, other, second, (peak + nextPeak) / 2, (read + nextRead) / 2));
            (peak, read) = (nextPeak, nextRead);
        }
        return all;
    }

    private static double Sample(IContestant contestant, int calls, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        return contestant.Sample(calls);
    }

    /// <summary>
    /// Nanoseconds that a sample of one call takes with all that comes with it. A few are tried, because the first ones touch pages and
    /// may run code that the runtime is about to replace.
    /// </summary>
    private static double WholeNs(IContestant contestant, CancellationToken stop)
    {
        const int MostCalls = 32;
        const double EnoughNs = 50e6;
        double total = 0, best = double.PositiveInfinity;
        for (int call = 0; call < MostCalls && total < EnoughNs; call++)
        {
            long start = Stopwatch.GetTimestamp();
            Sample(contestant, 1, stop);
            double ns = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
            total += ns;
            best = Math.Min(best, ns);
        }
        return best;
    }
}
