namespace Kernels.Measurement.Cases;

/// <summary>One sample of those that are taken in a row.</summary>
/// <param name="Of">What is called.</param>
/// <param name="Calls">Calls that the sample averages.</param>
/// <param name="WarmCalls">Calls before it that are not counted.</param>
internal sealed record Sample(ISampled Of, int Calls, int WarmCalls)
{
    // A longer call visits its memory often enough to make its own warmth.
    private const double LongestCallToWarmNs = 50e6;

    /// <summary>Done first, outside the time, such as a probe of the ceilings between two rounds.</summary>
    public Action? Before { get; init; }

    /// <summary>
    /// A sample among those of others, of calls that take about <paramref name="callNs"/>. One call that is not counted comes before short ones, so that no
    /// sample finds the caches as something else left them.
    /// </summary>
    public static Sample For(ISampled of, int calls, double callNs) => new(of, calls, callNs < LongestCallToWarmNs ? 1 : 0);
}
