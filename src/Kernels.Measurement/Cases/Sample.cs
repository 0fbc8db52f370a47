namespace Kernels.Measurement.Cases;

/// <summary>One sample of a sequence.</summary>
/// <param name="Of">What is called.</param>
/// <param name="Calls">Calls that the sample averages.</param>
/// <param name="WarmCalls">Calls before it that are not counted.</param>
internal sealed record Sample(ISampled Of, int Calls, int WarmCalls)
{
    // Longer calls warm the caches themselves.
    private const double LongestCallToWarmNs = 50e6;

    /// <summary>Runs before the sample, outside its time, such as a probe of the ceilings between two rounds.</summary>
    public Action? Before { get; init; }

    /// <summary>
    /// Whether the last call has the inputs that were given, so that all of its output can be compared with the expectation, and nothing is
    /// called for some time after it. All other calls have inputs that no call had before.
    /// </summary>
    public bool EndsAsGiven { get; init; }

    /// <summary>
    /// A sample in turn with those of another kernel, of calls that take about <paramref name="callNs"/>. Short calls get one untimed call
    /// first, so that no sample starts with the caches as the other kernel left them.
    /// </summary>
    public static Sample For(ISampled of, int calls, double callNs) => new(of, calls, callNs < LongestCallToWarmNs ? 1 : 0);
}
