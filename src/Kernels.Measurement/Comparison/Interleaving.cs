using Kernels.Measurement.Cases;

namespace Kernels.Measurement.Comparison;

/// <summary>Runs A, B, A in rounds, with a probe of the ceilings between two rounds.</summary>
internal static class Interleaving
{
    /// <summary>All rounds, in order.</summary>
    /// <param name="engine">Takes the samples.</param>
    /// <param name="a">A.</param>
    /// <param name="b">B; null to measure A alone.</param>
    /// <param name="ceilings">Probed before, between and after.</param>
    /// <param name="rounds">Number of rounds; null for a number that follows from the time of a call.</param>
    /// <param name="cold">Whether each sample is one call on empty caches.</param>
    /// <param name="stop">Cancels between two samples.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public static IReadOnlyList<Round> Run(
        BenchmarkEngine engine, ISampled a, ISampled? b, RoundCeilings ceilings, int? rounds, bool cold, CancellationToken stop)
    {
        // The time of a cold call includes emptying the caches, which takes longer than the call.
        double ns = cold ? Pilot.WholeNs(a) : Pilot.CallNs(a), otherNs = b is null ? 0 : cold ? Pilot.WholeNs(b) : Pilot.CallNs(b);
        var plan = RoundPlan.For(ns, otherNs, rounds, cold);
        List<(double? Peak, double? Read)> probes = [];
        void Probe() => probes.Add((ceilings.SamplePeak(), ceilings.SampleRead()));

        var second = Sample.For(a, plan.Calls, ns);
        Sample first = second with { Before = Probe };
        Sample[] round = b is null ? [first, second] : [first, Sample.For(b, plan.OtherCalls, otherNs), second];
        Sample[] last = [.. round.Select((sample, i) => i == 0 ? sample : sample with { EndsAsGiven = true })];
        double[] samples = engine.NanosecondsPerCall(
            [second, .. Enumerable.Repeat(round, plan.Rounds - 1).Append(last).SelectMany(each => each)], warmups: 1, stop);
        Probe();
        return
        [
            .. samples.Chunk(round.Length).Select((each, i) => new Round(
                each[0], b is null ? null : each[1], each[^1],
                (probes[i].Peak + probes[i + 1].Peak) / 2, (probes[i].Read + probes[i + 1].Read) / 2)),
        ];
    }
}
