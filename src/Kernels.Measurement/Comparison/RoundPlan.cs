using Kernels.Results;

namespace Kernels.Measurement.Comparison;

/// <summary>How many rounds a comparison takes, and how many calls each sample averages.</summary>
/// <param name="Rounds">Number of rounds.</param>
/// <param name="Calls">Calls in a sample of A.</param>
/// <param name="OtherCalls">Calls in a sample of B.</param>
public readonly record struct RoundPlan(int Rounds, int Calls, int OtherCalls)
{
    /// <summary>Fewer could not give an interval.</summary>
    public const int FewestRounds = MedianInterval.FewestSamples;

    /// <summary>Limit of the command line.</summary>
    public const int MostRounds = 1000;

    /// <summary>Long relative to the clock's resolution and the start of a team, short relative to drifts of the machine.</summary>
    public const double NsPerSample = 30e6;

    // An odd number, so that the median ratio is the ratio of one round.
    private const int UsualRounds = 31;

    // Longest time of a row, unless FewestRounds take more.
    private const double NsPerRow = 10e9;

    /// <summary>A plan for calls that take this many nanoseconds, evictions included.</summary>
    public static RoundPlan For(double ns, double otherNs, int? rounds, bool cold)
    {
        // Cold calls are sampled one by one: an average over several would hide their variance.
        int calls = cold ? 1 : CallsFor(ns), otherCalls = cold ? 1 : CallsFor(otherNs);
        double roundNs = 2 * calls * ns + otherCalls * otherNs + NsPerSample;
        return new RoundPlan(rounds ?? (int)Math.Clamp(NsPerRow / roundNs, FewestRounds, UsualRounds), calls, otherCalls);
    }

    private static int CallsFor(double ns) => (int)Math.Clamp(NsPerSample / ns, 1, 1_000_000);
}
