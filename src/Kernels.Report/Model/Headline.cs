using System.Text.RegularExpressions;
using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Report.Model;

/// <summary>
/// The headline table of softmax attention in float32: the fastest kernel of this suite at each length of the usual sweep, 8 heads of 64
/// channels, full and causal, against the OpenBLAS three-pass kernel and the fastest peer of the same run.
/// </summary>
public sealed partial class Headline
{
    /// <summary>
    /// The kernel whose products are OpenBLAS's: an outside library, which is a comparison and never the fastest kernel of this suite.
    /// </summary>
    public const string Library = "simd-openblas-three-pass";

    private const int Heads = 8, HeadDim = 64;

    private static readonly string[] Masks = ["full", "causal"];

    private readonly ReportRun run;

    /// <summary>The headline of one run.</summary>
    public Headline(ReportData data, ReportRun run)
    {
        this.run = run;
        List<ReportCase> softmax = [.. data.Measured.Where(shown => shown.Run == run && shown.IsFloat32Softmax && shown.Problem is not null)];
        Rows = [.. Best(softmax.Where(shown => IsUsual(shown.Problem!)))];
        List<ReportCase> decoding = [.. OfOneShape(softmax.Where(shown => shown.Problem is { Queries: 1, Keys: > 1, Mask.Name: "causal" }))];
        int most = decoding.Select(shown => shown.Result.Threads).DefaultIfEmpty().Max();
        Decoding = [.. Best(decoding.Where(shown => shown.Result.Threads == most))];
        Families =
        [
            .. from row in CrossoverTable.Rows(data)
               where row.Sweep.Run == run && row.Sweep.Key.Queries is null && !row.IsOfDenseFamily
               group row by (row.Family, row.Operation, Mask: row.Family == "sparse" ? row.Sweep.Key.Mask : "") into same
               select same.OrderBy(row => row.Crossover.Lengths[^1]).ThenBy(row => row.Condition.Length).Last(),
        ];
    }

    /// <summary>
    /// Decoding, one query of one model, with the most threads that it was measured with: by number of keys; empty when none was measured.
    /// </summary>
    public IReadOnlyList<HeadlineRow> Decoding { get; }

    /// <summary>Each sparse pattern, linear or low-rank kernel against dense attention, in the sweep with its longest length.</summary>
    public IReadOnlyList<CrossoverTable.Row> Families { get; }

    /// <summary>By mask, threads and length; empty when the run has no such problem.</summary>
    public IReadOnlyList<HeadlineRow> Rows { get; }

    /// <summary>Whether a peer was measured on any of the problems.</summary>
    public bool HasPeers => Peers.Any();

    /// <summary>The peers that are the fastest peer in some row, with their versions.</summary>
    public IEnumerable<string> Peers => Rows.Concat(Decoding).Select(row => row.Peer).OfType<ReportCase>().DistinctBy(peer => peer.Result.Kernel)
        .Select(peer => $"{peer.Result.Kernel} ({peer.Kernel?.Version ?? "version unknown"})");

    /// <summary>Whether the figures can be trusted.</summary>
    public Conditions Conditions => run.Conditions;

    /// <summary>Date, machine and the versions of all software that computed.</summary>
    public string Provenance
    {
        get
        {
            MachineInfo machine = run.Results.Machine;
            string[] instructions = [.. machine.InstructionSets.Take(1)];
            return string.Join(", ", [
                $"Measured on {run.Results.Run.Started.UtcDateTime:yyyy-MM-dd} on {run.Processor}",
                machine.Cores == 1 ? "1 core" : $"{machine.Cores} cores",
                .. instructions, machine.Runtime, machine.OperatingSystem, .. LibraryVersion(machine), .. Peers,
                $"git {run.Results.Run.GitRevision ?? "revision unknown"}"]);
        }
    }

    private static IEnumerable<HeadlineRow> Best(IEnumerable<ReportCase> cases) =>
        from shown in cases
        group shown by (Mask: Array.IndexOf(Masks, shown.Problem!.Mask.Name), shown.Result.Threads, shown.Problem.Keys) into same
        orderby same.Key
        let best = same.Where(IsOfThisSuite).MinBy(shown => shown.Nanoseconds)
        where best is not null
        select new HeadlineRow(
            best, same.FirstOrDefault(shown => shown.Result.Kernel == Library),
            same.Where(shown => shown.IsPeer).MinBy(shown => shown.Nanoseconds));

    private static bool IsUsual(AttentionProblem problem) =>
        Masks.Contains(problem.Mask.Name) && problem == new AttentionProblem(1, Heads, Heads, problem.Keys, problem.Keys, HeadDim, problem.Mask);

    // Rows of one shape, which differ in the number of keys alone: the shape with the most of them.
    private static IEnumerable<ReportCase> OfOneShape(IEnumerable<ReportCase> cases) =>
        cases.GroupBy(shown => SweepKey.Of(shown) with { Threads = 0 })
            .MaxBy(shape => shape.Select(SweepKey.Length).Distinct().Count()) ?? Enumerable.Empty<ReportCase>();

    private static bool IsOfThisSuite(ReportCase shown) => !shown.IsPeer && shown.Result.Kernel != Library;

    // The library reports its build options too: "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH …".
    private static IEnumerable<string> LibraryVersion(MachineInfo machine) =>
        machine.Libraries.TryGetValue("OpenBLAS", out string? text) ? [$"OpenBLAS {Version().Match(text).Value}".TrimEnd()] : [];

    [GeneratedRegex(@"\d+(\.\d+)+")]
    private static partial Regex Version();
}
