using System.Diagnostics;
using Kernels.Results;

namespace Kernels.Measurement.Watch;

/// <summary>
/// Whether calls on inputs that a kernel has seen are faster than on new ones. Both have their inputs written just before, so that they lie
/// in the same caches: once with other numbers, once with the same.
/// </summary>
internal static class MemoryTest
{
    // Honest calls of teams on a busy machine differ by up to two; one that only looks up its result is faster by far more.
    private const double MostRatio = 3, SlackNs = 10_000;
    private const int FewestPairs = 2, ManyPairs = 10, MostPairs = 100;

    // Beside much other load nine calls of a team in ten are lengthened, and ten in a row by chance.
    private const double Seconds = 1;

    /// <summary>
    /// Makes pairs of calls, two where the shortest of both kinds are alike, and up to a hundred where they are not, ten where these take long: other load can
    /// only lengthen a call.
    /// </summary>
    /// <param name="newInputs">Writes other inputs of the same kind.</param>
    /// <param name="sameInputs">Writes the inputs again.</param>
    /// <param name="call">Makes a call, and returns its nanoseconds by its own clock, if it has one.</param>
    /// <exception cref="TimingException">The shortest call on new inputs took three times as long as the shortest on the same ones, and more.</exception>
    public static void Require(Action newInputs, Action sameInputs, Func<double?> call)
    {
        (double fresh, double again) = (double.PositiveInfinity, double.PositiveInfinity);
        long start = Stopwatch.GetTimestamp();
        for (int pair = 1; pair <= ManyPairs || (pair <= MostPairs && Stopwatch.GetElapsedTime(start).TotalSeconds < Seconds); pair++)
        {
            newInputs();
            fresh = Math.Min(fresh, Time(call));
            sameInputs();
            again = Math.Min(again, Time(call));
            if (pair >= FewestPairs && fresh <= MostRatio * again + SlackNs)
                return;
        }
        throw new TimingException(
            TimingFault.RemembersInputs,
            $"a call on new inputs takes {fresh / 1e6:0.###} ms, and one on inputs that it has seen {again / 1e6:0.###} ms: it keeps results");
    }

    private static double Time(Func<double?> call)
    {
        long start = Stopwatch.GetTimestamp();
        double? own = call();
        return own ?? Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }
}
