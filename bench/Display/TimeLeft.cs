using System.Diagnostics;

namespace Kernels.Bench.Display;

/// <summary>Predicts the time left from the weights of the steps that are done.</summary>
internal sealed class TimeLeft
{
    // Below this share the prediction is too unstable.
    private const double FewestDone = 0.03;

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private double expected, done;

    /// <summary>Share of the steps that are done, 0 … 1.</summary>
    public double Done => expected > 0 ? Math.Min(1, done / expected) : 0;

    public void Expect(double weight) => expected += weight;

    public void Finish(double weight) => done += weight;

    /// <summary>Such as <c>1:20 left</c>; empty without a prediction.</summary>
    public override string ToString()
    {
        if (Done < FewestDone)
            return "";
        TimeSpan left = clock.Elapsed * ((1 - Done) / Done);
        return left.TotalHours >= 1 ? $"{(int)left.TotalHours}:{left:mm\\:ss} left" : $"{left.Minutes}:{left:ss} left";
    }
}
