namespace Kernels.Report.Model;

/// <summary>
/// Finds where the time of layers goes, and adds up whole models: their layers and ends, measured in the same run on the same number of tokens.
/// </summary>
public static class PartLines
{
    /// <summary>
    /// Those of each layer that tells its parts at two lengths or more, by model, each with that of the whole model where its ends were measured.
    /// </summary>
    public static IReadOnlyList<PartLine> All(ReportData data) =>
    [
        .. from sweep in data.Sweeps
           from line in sweep.Lines
           let cases = line.Points.Where(point => point.Result.Parts is { Count: > 1 }).ToList()
           from each in new[] { Layer(sweep, line, cases), Model(data, sweep, line, cases) }.OfType<PartLine>()
           select each,
    ];

    private static PartLine? Layer(Sweep sweep, SweepLine line, List<ReportCase> cases) =>
        cases.Count < 2 ? null : new(sweep, line.Kernel, null, [.. cases.Select(PartLine.Point.Of).OfType<PartLine.Point>()]);

    private static PartLine? Model(ReportData data, Sweep sweep, SweepLine line, List<ReportCase> cases)
    {
        if (cases.Count == 0 || cases[0].Result.TimesInModel is not ({ } layers and > 0))
            return null;
        var ends = data.Measured
            .Where(end => end.Run == sweep.Run && end.Result is { TimesInModel: > 0, Parts.Count: 1 } && end.Result.Shape == sweep.Key.Shape
                && end.Result.Threads == sweep.Key.Threads && end.Problem is not null)
            .ToLookup(SweepKey.Length);
        string[] operations = [.. ends.SelectMany(same => same).Select(end => end.Workload.Operation).Distinct()];
        List<PartLine.Point> points = [];
        foreach (ReportCase layer in cases)
        {
            // The fastest kernel of each operation; a length at which one is missing is left out.
            ReportCase[] fastest = [.. ends[SweepKey.Length(layer)].GroupBy(end => end.Workload.Operation).Select(same => same.MinBy(end => end.Nanoseconds)!)];
            if (fastest.Length == operations.Length && fastest.Length > 0)
                points.Add(PartLine.Point.Sum(
                    [(PartLine.Point.Of(layer)!, layers), .. fastest.Select(end => (PartLine.Point.Of(end)!, end.Result.TimesInModel!.Value))]));
        }
        return points.Count < 2 ? null : new(sweep, line.Kernel, $"{layers} × {line.Kernel} + {string.Join(" + ", operations)}", points);
    }
}
