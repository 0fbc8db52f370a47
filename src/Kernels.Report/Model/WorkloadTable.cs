using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>One workload that is not softmax attention in float32, beside the plain kernels that its kernels build on.</summary>
/// <param name="Run">The run.</param>
/// <param name="Workload">The workload.</param>
/// <param name="Rows">By problem in the order of the suite, fastest first; at least one.</param>
public sealed record WorkloadTable(ReportRun Run, Workload Workload, IReadOnlyList<WorkloadTable.Row> Rows)
{
    /// <summary>Whether a peer was measured on any of the problems.</summary>
    public bool HasPeers => Rows.Any(row => row.Peer is not null);

    /// <summary>The workload in words, with the run where there are several.</summary>
    public string WordsIn(ReportData data) => data.Labelled(Run, Workload.Words);

    /// <summary>
    /// Operations of attention in float32 with more operands than softmax, such as the log-sum-exp: the fastest kernel of this suite on each
    /// problem, beside the softmax kernel that it builds on. Layers, whose parts count, have sections of their own.
    /// </summary>
    public static IReadOnlyList<WorkloadTable> Operations(ReportData data) =>
        [.. Tables(data, workload => workload.IsFloat32 && workload.Plain is not null
            && workload.KnownOperation is not LayerOperation, sameProblem => sameProblem.Take(1))];

    /// <summary>Operations in other formats: every kernel on each problem, beside the float32 kernel that it builds on.</summary>
    public static IReadOnlyList<WorkloadTable> Formats(ReportData data) =>
        [.. Tables(data, workload => !workload.IsFloat32, sameProblem => sameProblem)];

    private static IEnumerable<WorkloadTable> Tables(
        ReportData data, Func<Workload, bool> isIncluded, Func<IEnumerable<ReportCase>, IEnumerable<ReportCase>> choose)
    {
        var byCase = data.Measured.ToLookup(shown => (shown.Run, shown.Result.Kernel, shown.Result.Problem, shown.Result.Threads));
        return
            from shown in data.Measured
            where isIncluded(shown.Workload)
            group shown by (shown.Run, shown.Workload) into same
            let rows = (List<Row>)[
                .. from shown in same
                   group shown by (shown.Title, shown.Result.Problem, shown.Result.Threads) into problem
                   let peer = problem.Where(shown => shown.IsPeer).MinBy(shown => shown.Nanoseconds)
                   from chosen in choose(problem.Where(shown => !shown.IsPeer).OrderBy(shown => shown.Nanoseconds))
                   let plain = PlainKernel(chosen)
                   select new Row(
                       chosen, plain, byCase[(chosen.Run, plain ?? "", chosen.Result.Problem, chosen.Result.Threads)].FirstOrDefault(), peer)]
            where rows.Count > 0
            select new WorkloadTable(same.Key.Run, same.Key.Workload, rows);
    }

    // Follows the ladder down: a step kernel builds on the kernel with the log-sum-exp, which builds on a softmax kernel.
    private static string? PlainKernel(ReportCase shown)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        KernelResult? kernel = shown.Kernel;
        while (kernel?.BuildsOn is { } parent && seen.Add(parent))
        {
            kernel = shown.Run.Kernel(parent);
            if (kernel is not null && Workload.Of(kernel) == shown.Workload.Plain)
                return kernel.Name;
        }
        return null;
    }

    /// <summary>A kernel on a problem.</summary>
    /// <param name="Case">Its case.</param>
    /// <param name="PlainKernel">The nearest kernel that it builds on whose workload is <see cref="Model.Workload.Plain"/>; null when there
    /// is none.</param>
    /// <param name="Plain">The case of that kernel on the same problem with as many threads; null where it was not measured.</param>
    /// <param name="Peer">The fastest peer with the same workload on the problem; null where none was measured.</param>
    public sealed record Row(ReportCase Case, string? PlainKernel, ReportCase? Plain, ReportCase? Peer)
    {
        /// <summary>Time of the kernel divided by the time of the plain one: the cost of the operation.</summary>
        public Ratio? Cost => Plain is null ? null : Ratio.Of(Plain, Case);

        /// <summary>Speed relative to the plain kernel: the gain of the format.</summary>
        public Ratio? Gain => Plain is null ? null : Ratio.Of(Case, Plain);

        /// <summary>Speed relative to the fastest peer.</summary>
        public Ratio? OverPeer => Peer is null ? null : Ratio.Of(Case, Peer);

        /// <summary>The plain kernel, and whether it was measured.</summary>
        public string PlainText => (PlainKernel, Plain) switch
        {
            (null, _) => "–",
            (_, null) => $"{PlainKernel} (not measured)",
            _ => PlainKernel,
        };
    }
}
