using Kernels.Results;

namespace Kernels.Measurement.Comparison;

/// <summary>The result of a comparison as text.</summary>
public static class ComparisonVerdict
{
    /// <summary>
    /// Name of the faster kernel; null when the difference is not significant: an end of the interval of the ratio lies within the noise
    /// floor, or beyond 1.
    /// </summary>
    public static string? Faster(string a, string b, MedianInterval ratio, double noiseFloor) =>
        ratio.Low > 1 + noiseFloor ? b
        : 1 / ratio.High > 1 + noiseFloor ? a
        : null;

    /// <summary>Such as <c>B is 1.23× faster than A (95 %: 1.19–1.27; noise floor ±0.5 %)</c>.</summary>
    public static string Sentence(CompareRow row)
    {
        if (row.Status != CaseStatus.Measured)
            return $"{row.Status.ToString().ToLowerInvariant()}: {row.Reason}";
        string noise = $"noise floor ±{100 * row.NoiseFloor:0.0} %";
        if (row.Ratio is not { } ratio)
            return noise;
        string a = row.Contestants[0].Name, b = row.Contestants[1].Name;
        if (row.Faster is null)
            return $"no significant difference: {a} / {b} {Text(ratio, row)}; {noise})";
        return row.Faster == b
            ? $"{b} is {Text(ratio, row, "× faster than " + a)}; {noise})"
            : $"{a} is {Text(new MedianInterval(1 / ratio.Median, 1 / ratio.High, 1 / ratio.Low), row, "× faster than " + b)}; {noise})";
    }

    private static string Text(MedianInterval ratio, CompareRow row, string unit = "")
    {
        // A third decimal is significant only for small differences.
        string format = ratio.Median < 1.1 ? "0.000" : "0.00";
        string Number(double value) => value.ToString(format);
        return $"{Number(ratio.Median)}{unit} ({Confidence(row)}: {Number(ratio.Low)}–{Number(ratio.High)}";
    }

    private static string Confidence(CompareRow row) => row.Processes is { Count: var count } ? $"{count} process{(count == 1 ? "" : "es")}" : "95 %";
}
