using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Report.Charts;

/// <summary>Distance of other operations and formats from softmax attention in float32, by input family.</summary>
public static class DeviationCharts
{
    /// <summary>
    /// For each operation and format, by the first of its kernels that the gate passed: the families at one length, and the distance
    /// against length.
    /// </summary>
    public static IEnumerable<Chart> Draw(ReportData data, KernelStyles styles) =>
        from run in data.Runs
        from kernel in run.Results.Kernels.Where(kernel => kernel.Gate is { Failed: 0 }).DistinctBy(Workload.Of)
        from chart in new[] { Families(data, styles, run, kernel), Growth(data, styles, run, kernel) }
        where chart is not null
        select chart;

    private static Chart? Families(ReportData data, KernelStyles styles, ReportRun run, KernelResult kernel)
    {
        if (kernel.Gate!.DeviationFromSoftmax?.Where(entry => entry.Value > 0).ToList() is not { Count: > 0 } deviations)
            return null;
        string computed = Workload.Of(kernel).Words;
        var chart = new RowChart
        {
            Title = computed,
            Subtitle = $"{computed} against softmax attention",
            Axis = Axis.Logarithmic("NMSE (logarithmic)", deviations.Select(entry => entry.Value), Numbers.Tick),
            Rows = [.. deviations.OrderByDescending(entry => entry.Value).Select(entry => new ChartRow(
                kernel.Name, entry.Key, styles[kernel.Name], entry.Value, entry.Value, entry.Value, [Numbers.Significant(entry.Value)],
                new Hint($"{kernel.Name}\n{entry.Key} inputs: NMSE {Numbers.Significant(entry.Value)}")))],
        };
        return new Chart(
            FileName.Of("deviation", Workload.Of(kernel).Slug, data.LabelOf(run)), chart,
            "Normalised mean square error against the float64 reference of softmax attention; an output of zeros has 1. "
            + "It is reported only.");
    }

    private static Chart? Growth(ReportData data, KernelStyles styles, ReportRun run, KernelResult kernel)
    {
        var families = kernel.Gate!.DistanceFromSoftmax?.Where(distance => distance.RelativeError > 0).GroupBy(distance => distance.Inputs).ToList();
        if (families is not { Count: > 0 })
            return null;
        string family = styles.Family(kernel.Name);
        Axis lengths = Axis.Lengths("keys", families.SelectMany(inputs => inputs).Select(distance => (double)distance.Keys));
        var chart = new LineChart
        {
            Title = $"{Workload.Of(kernel).Words}: distance from softmax attention",
            Subtitle = "16 queries that see all keys, 64 channels; relative error by input family",
            Horizontal = lengths,
            Vertical = Axis.Logarithmic(
                "relative error (logarithmic)", families.SelectMany(inputs => inputs).Select(distance => distance.RelativeError).Append(1), Numbers.Tick),
            Series = [.. families.Select((distances, rank) => new LineSeries(
                null, $"{distances.Key}  cosine {distances.Last().Cosine:0.00}", SeriesStyle.Of(family, rank),
                [.. distances.Select(Point)]))],
            Marks = [new Mark(lengths.Low, 1, lengths.High, 1, "as far off as zeros", MarkWeight.Strong)],
        };
        return new Chart(
            FileName.Of("distance", Workload.Of(kernel).Slug, data.LabelOf(run)), chart,
            "Relative error against softmax attention, between the float64 references of both; the cosine between both outputs is that at "
            + "the most keys. It is reported only.");
    }

    private static LinePoint Point(SoftmaxDistance distance) => new(
        distance.Keys, distance.RelativeError,
        new Hint(
            $"{distance.Inputs} inputs, {distance.Keys} keys\n{Numbers.Significant(distance.RelativeError)}, cosine {Numbers.Significant(distance.Cosine)}"));
}
