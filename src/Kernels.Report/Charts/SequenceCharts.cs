using Kernels.Abstractions;
using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Report.Charts;

/// <summary>Recurrences and attention in one picture: time against length, and the ladder from a fixed context to flash attention.</summary>
internal sealed class SequenceCharts(ReportData data, SequenceModels models, int threads)
{
    private string Subtitle => $"{models.Words}, {Numbers.Threads(threads)} · {models.Run.Results.Machine.Processor}";

    /// <summary>The charts that the data allows.</summary>
    public IReadOnlyList<Chart> All => [.. new[] { Time(), AttentionHistory.Of(models, threads) is { } history ? Ladder(history) : null }.OfType<Chart>()];

    private Chart? Time()
    {
        HashSet<string> foremost = [.. models.Rows.Select(row => row.Line.Kernel)];
        // The styles of a kind begin with a filled marker on a solid line.
        List<SweepLine> lines = [.. models.Lines(threads).OrderByDescending(line => foremost.Contains(line.Kernel))];
        if (lines.Count == 0)
            return null;
        var ranks = new Dictionary<string, int>();
        List<LineSeries> series = [];
        foreach (SweepLine line in lines)
        {
            SeriesStyle style = Style(line.Points[0].Workload.KnownOperation!, ranks);
            string ends = SweepKey.Length(line.Points[^1]) < models.Lengths[^1] ? $" to {SweepKey.Length(line.Points[^1])}" : "";
            string power = line.Slope is { } slope ? $"  {Numbers.Power(slope)}" : "";
            series.Add(new(line.Kernel, $"{line.Kernel}{power}{ends}", style, [.. line.Points.Select(SweepSeries.TimePoint)], !foremost.Contains(line.Kernel)));
        }
        var chart = new LineChart
        {
            Title = "Recurrence against attention: time per call against sequence length",
            Subtitle = Subtitle,
            Horizontal = SweepSeries.Lengths("sequence length N (tokens)", series),
            Vertical = Axis.Logarithmic("time per call", SweepSeries.Ends(series), Numbers.TimeTick),
            Series = series,
        };
        return new Chart(
            FileName("sequence"), chart,
            "They compute different functions of the same rows; a sequence-to-sequence model reads N rows and writes N more. Both axes are logarithmic: time "
            + "∝ Nᵖ is a straight line; p stands beside each name, fitted over all its lengths. Thick lines are the fastest kernel of each operation.");
    }

    private Chart Ladder(AttentionHistory history)
    {
        ReportCase origin = history.Steps[0].Case;
        var ranks = new Dictionary<string, int>();
        List<ChartRow> rows =
        [
            .. history.Steps.Select((step, index) =>
            {
                ReportCase shown = step.Case;
                Timing timing = shown.Result.Timing!;
                double operations = shown.Workload.KnownOperation!.Flops(shown.Problem!);
                return new ChartRow(
                    shown.Result.Kernel, step.Title, Style(shown.Workload.KnownOperation!, ranks), origin.Nanoseconds / shown.Nanoseconds,
                    origin.Nanoseconds / timing.HighNs, origin.Nanoseconds / timing.LowNs,
                    [step.Gain?.ToString() ?? "", $"{Numbers.Significant(operations / 1e9)}", step.Idea], CaseHint.Of(shown))
                { Depth = index, From = index == 0 ? null : index - 1, Note = shown.Result.Kernel };
            }),
        ];
        var chart = new RowChart
        {
            Title = $"Ladder: from a fixed context to flash attention, N = {history.Length}",
            Subtitle = Subtitle,
            Axis = Axis.Logarithmic(
                $"times as fast as {history.Steps[0].Title} (logarithmic)", rows.SelectMany(row => new[] { row.Low, row.High }), Numbers.FactorTick, 1.15),
            Rows = rows,
            Headings = ["gain (range)", "GFLOP", "idea"],
        };
        return new Chart(
            FileName("history"), chart,
            "Each step is joined to the one before it; the thick stroke is its gain, dashed to the left for a loss. The steps compute different functions, "
            + "and need different numbers of operations (GFLOP): the first three read a sequence of N rows and write another, with a state after each; the "
            + "last two map one sequence of N rows to itself. Only the last two compute the same function.");
    }

    private string FileName(string kind) => Results.FileName.Of(kind, models.Key.Shape, $"m{models.Key.Name}", $"t{threads}", data.LabelOf(models.Run));

    // A colour for each kind of operation, and dashes for those of a kind: all are of one family of kernels.
    private static SeriesStyle Style(Operation operation, Dictionary<string, int> ranks)
    {
        string kind = operation switch
        {
            RecurrentLayer => "linear",
            SequenceToSequence => "simd",
            AdditiveAttention => "sparse",
            _ => "flash",
        };
        int rank = ranks[kind] = ranks.GetValueOrDefault(kind, -1) + 1;
        return SeriesStyle.Of(kind, rank);
    }
}
