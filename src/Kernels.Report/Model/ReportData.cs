using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>The data of the report, computed once from the results of one or more runs.</summary>
public sealed class ReportData
{
    /// <summary>The baseline kernel: softmax attention as in a textbook.</summary>
    public const string Baseline = "naive-triple-loop";

    /// <summary>Computes the data of <paramref name="runs"/>.</summary>
    public ReportData(IReadOnlyList<RunResults> runs)
    {
        Runs = ReportRun.Of(runs);
        Cases = [.. Runs.SelectMany(run => run.Results.Cases.Select(result => ReportCase.Create(run, result)))];
        SetTitles();
        SetSpeedups();
        Sweeps = [.. FindSweeps()];
        HashSet<ReportCase> inSweeps = [.. Sweeps.SelectMany(sweep => sweep.Lines).SelectMany(line => line.Points)];
        Shapes = [.. FindShapes(inSweeps)];
        Answers = Answer.All(this);
        Kernels = [.. Runs.SelectMany(run => run.Results.Kernels).Select(kernel => kernel.Name)
            .Concat(Cases.Select(shown => shown.Result.Kernel)).Distinct()];
    }

    /// <summary>The runs, in the order given.</summary>
    public IReadOnlyList<ReportRun> Runs { get; }

    /// <summary>Every case of every run.</summary>
    public IReadOnlyList<ReportCase> Cases { get; }

    /// <summary>Every case of every run, those on a device twice: end to end, and by the clock of the device.</summary>
    public IEnumerable<ReportCase> Rows => Cases.SelectMany(shown => shown.OnDevice() is { } device ? (ReportCase[])[shown, device] : [shown]);

    /// <summary>Cases over two or more lengths.</summary>
    public IReadOnlyList<Sweep> Sweeps { get; }

    /// <summary>The sweeps that are explained: those over three or more lengths, or, in a run that has none, over the most.</summary>
    public IEnumerable<Sweep> MainSweeps => Sweeps.GroupBy(sweep => sweep.Run).SelectMany(ofRun =>
        ofRun.Where(sweep => sweep.Lengths.Count >= Math.Min(3, ofRun.Max(other => other.Lengths.Count))));

    /// <summary>Measured shapes that are not part of a sweep.</summary>
    public IReadOnlyList<ShapeGroup> Shapes { get; }

    /// <summary>The fastest kernel of each problem.</summary>
    public IReadOnlyList<Answer> Answers { get; }

    /// <summary>Every kernel name, in the order of the runs.</summary>
    public IReadOnlyList<string> Kernels { get; }

    /// <summary>Cases with times.</summary>
    public IEnumerable<ReportCase> Measured => Cases.Where(shown => shown.IsMeasured);

    /// <summary>Whether labels must name the run.</summary>
    public bool HasSeveralRuns => Runs.Count > 1;

    /// <summary>The label of a run where there are several; otherwise nothing.</summary>
    public string LabelOf(ReportRun run) => HasSeveralRuns ? run.Label : "";

    /// <summary>Words about a run, behind its label where there are several.</summary>
    public string Labelled(ReportRun run, string words) => HasSeveralRuns ? $"{run.Label} · {words}" : words;

    private void SetTitles()
    {
        foreach (var shape in Cases.Where(shown => shown.Result.Shape is not null).GroupBy(shown => (shown.Run, shown.Result.Shape)))
        {
            if (shape.Select(shown => shown.Result.Problem).Distinct().Count() > 1)
                continue;
            foreach (ReportCase shown in shape)
                shown.Title = shape.Key.Shape!;
        }
    }

    private void SetSpeedups()
    {
        var baselines = new Dictionary<(ReportRun, string, int), double>();
        foreach (ReportCase shown in Measured.Where(shown => shown.Result.Kernel == Baseline))
            baselines.TryAdd((shown.Run, shown.Result.Problem, shown.Result.Threads), shown.Nanoseconds);
        foreach (ReportCase shown in Measured)
        {
            if (baselines.TryGetValue((shown.Run, shown.Result.Problem, shown.Result.Threads), out double baseline))
                shown.Speedup = baseline / shown.Nanoseconds;
        }
    }

    private IEnumerable<Sweep> FindSweeps()
    {
        var byKey = Measured.Where(shown => shown.Problem is not null).ToLookup(shown => (shown.Run, Key: SweepKey.Of(shown)));
        return
            from family in byKey
            where family.Select(SweepKey.Length).Distinct().Count() >= 2
            let parents = family.Select(shown => shown.Kernel?.BuildsOn).ToHashSet()
            let others = byKey.Where(other => other.Key.Run == family.Key.Run && other.Key.Key != family.Key.Key
                && other.Key.Key == family.Key.Key with { Workload = other.Key.Key.Workload })
            select new Sweep(family.Key.Run, family.Key.Key, Lines(family))
            {
                Foundations = Lines(others.SelectMany(other => other).Where(shown => parents.Contains(shown.Result.Kernel))),
            };
    }

    private static IReadOnlyList<SweepLine> Lines(IEnumerable<ReportCase> cases) =>
    [
        .. from shown in cases
           group shown by shown.Result.Kernel into line
           select new SweepLine(line.Key, [.. line.OrderBy(SweepKey.Length)]),
    ];

    private IEnumerable<ShapeGroup> FindShapes(HashSet<ReportCase> inSweeps) =>
        from shown in Measured
        where !inSweeps.Contains(shown)
        group shown by (shown.Run, shown.Title, shown.Result.Problem, shown.Result.Threads, shown.Workload.Group) into shape
        select new ShapeGroup(
            shape.Key.Run, shape.Key.Title, shape.Key.Problem, shape.Key.Threads, shape.Key.Group, [.. shape.OrderBy(shown => shown.Nanoseconds)]);
}
