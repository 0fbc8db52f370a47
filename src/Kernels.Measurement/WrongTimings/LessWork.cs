using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Measurement.WrongTimings;

/// <summary>Cheats that do less than their work where they expect that nobody looks.</summary>
internal static class LessWork
{
    /// <summary>The gate makes fewer calls of a problem, and of its small ones in less time.</summary>
    public const int Calls = 40;

    private const double Seconds = 0.02;

    public static IEnumerable<WrongTiming> Create()
    {
        var calls = new Dictionary<(AttentionProblem, int), int>();
        yield return new WrongTiming("after-many-calls", $"computes half of the rows after {Calls} calls of a problem", TimingFault.WrongResult, head =>
        {
            int number = calls[(head.Problem, head.Index)] = calls.GetValueOrDefault((head.Problem, head.Index)) + 1;
            head.Compute(number <= Calls ? head.Problem.Queries : head.Problem.Queries / 2);
        });
        var starts = new Dictionary<AttentionProblem, long>();
        yield return new WrongTiming(
            "after-a-time", "computes half of the rows when 20 ms have passed since the first call of a problem", TimingFault.WrongResult, head =>
        {
            if (!starts.TryGetValue(head.Problem, out long start))
                starts[head.Problem] = start = Stopwatch.GetTimestamp();
            bool late = Stopwatch.GetElapsedTime(start).TotalSeconds > Seconds;
            head.Compute(late ? head.Problem.Queries / 2 : head.Problem.Queries);
        });
        yield return new WrongTiming(
            "for-other-shapes", "computes the first half of the rows of shapes that the gate does not have", TimingFault.WrongResult, head =>
            head.Compute(head.Problem == WrongTimingSet.Problem ? head.Problem.Queries / 2 : head.Problem.Queries));
    }
}
