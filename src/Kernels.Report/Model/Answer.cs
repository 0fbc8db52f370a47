namespace Kernels.Report.Model;

/// <summary>
/// The measured kernels of one operation and format on one problem with one number of threads, peers included, fastest first: which to use
/// for that shape.
/// </summary>
public sealed class Answer
{
    private Answer(IEnumerable<ReportCase> cases) => Cases = [.. cases.OrderBy(shown => shown.Nanoseconds)];

    /// <summary>The cases, fastest first, at least one.</summary>
    public IReadOnlyList<ReportCase> Cases { get; }

    /// <summary>The fastest.</summary>
    public ReportCase Best => Cases[0];

    /// <summary>The second fastest; null where it was alone.</summary>
    public ReportCase? RunnerUp => Cases.ElementAtOrDefault(1);

    /// <summary>The fastest peer; null where none was measured.</summary>
    public ReportCase? Peer => Cases.FirstOrDefault(shown => shown.IsPeer);

    /// <summary>How many times as fast as the runner-up.</summary>
    public Ratio? Lead => RunnerUp is null ? null : Ratio.Of(Best, RunnerUp);

    /// <summary>Exact GFLOP/s of the fastest as a share of its ceiling; null where none bounds it.</summary>
    public double? CeilingShare => Roofline?.Share(Best) ?? Best.Result.CeilingShare;

    /// <summary>The level of memory whose read bandwidth is that ceiling; null where it is the multiply-add peak.</summary>
    public string? BoundBy => Roofline is { } roof && roof.Share(Best) is not null && roof.IsBoundByReading(Best) ? roof.Feeding(Best)?.Level : null;

    /// <summary>Why there is no share of a ceiling; null where there is one.</summary>
    public string? WithoutCeiling => CeilingShare is not null ? null
        : Best.Run.Results.Ceilings?.PeakGflops(Best.Result.Threads) is null ? "no ceiling was measured"
        : Best.Run.Results.Ceilings.SteadyPeakGflops(Best.Result.Threads) is null ? "the peak moved while it was measured" : "no operations were counted";

    private Roofline? Roofline => Roofline.Of(Best.Run, Best.Result.Threads);

    /// <summary>All answers of a report, softmax attention in float32 first, each by its choices in ascending order.</summary>
    public static IReadOnlyList<Answer> All(ReportData data) =>
    [
        .. from shown in data.Measured
           where shown.Problem is not null
           group shown by (shown.Run, shown.Workload, shown.Result.Problem, shown.Result.Threads) into same
           let problem = same.First().Problem
           orderby !same.First().IsFloat32Softmax, same.Key.Workload.Words, problem.Heads, problem.KvHeads, problem.HeadDim,
               problem.Mask.Name, same.Key.Threads, problem.Keys, problem.Queries
           select new Answer(same),
    ];

    /// <summary>The one that a reader sees first: most kernels, and of these the largest problem; null where nothing was measured.</summary>
    public static Answer? First(IReadOnlyList<Answer> answers) => answers
        .OrderBy(answer => !answer.Best.IsFloat32Softmax).ThenByDescending(answer => answer.Cases.Count)
        .ThenByDescending(answer => answer.Best.Result.ExactGflops * answer.Best.Nanoseconds).FirstOrDefault();
}
