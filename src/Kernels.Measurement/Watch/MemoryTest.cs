using System.Diagnostics;
using System.Globalization;
using Kernels.Results;

namespace Kernels.Measurement.Watch;

/// <summary>
/// Whether calls on inputs that a kernel has seen are faster than on new ones. Both have their inputs written just before, so that they lie
/// in the same caches: once with other numbers, once with the same.
/// </summary>
internal static class MemoryTest
{
    private const double MostRatio = 1.5, SlackNs = 10_000;
    private const int QuickPairs = 2, MorePairs = 4;

    /// <summary>Two pairs of calls, and four more where those differ.</summary>
    /// <param name="newInputs">Writes other inputs of the same kind.</param>
    /// <param name="sameInputs">Writes the inputs again.</param>
    /// <param name="call">Makes a call, and returns its nanoseconds by its own clock, if it has one.</param>
    /// <exception cref="TimingException">Every call on new inputs took longer than any on the same ones, by half and more.</exception>
    public static void Require(Action newInputs, Action sameInputs, Func<double?> call)
    {
        if (!Differ(QuickPairs, out _, out _) || !Differ(MorePairs, out double fresh, out double again))
            return;
        throw new TimingException(TimingFault.RemembersInputs, string.Create(
            CultureInfo.InvariantCulture,
            $"a call on new inputs takes {fresh / 1e3:G3} µs and more, and one on inputs that it has seen at most {again / 1e3:G3} µs: it keeps results"));

        bool Differ(int pairs, out double least, out double most)
        {
            (least, most) = (double.PositiveInfinity, 0);
            for (int pair = 0; pair < pairs; pair++)
            {
                newInputs();
                least = Math.Min(least, Time(call));
                sameInputs();
                most = Math.Max(most, Time(call));
            }
            return least > MostRatio * most + SlackNs;
        }
    }

    private static double Time(Func<double?> call)
    {
        long start = Stopwatch.GetTimestamp();
        double? own = call();
        return own ?? Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }
}
