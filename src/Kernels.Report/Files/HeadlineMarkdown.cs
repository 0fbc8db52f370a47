using Kernels.Abstractions;
using Kernels.Report.Formatting;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Report.Files;

/// <summary>
/// The headline of one run as Markdown tables of at most a dozen rows, for a README: of the lengths and families that were measured, those that
/// say most. The report has all of them.
/// </summary>
public static class HeadlineMarkdown
{
    /// <summary>The table, what it was measured on, and the command that writes it.</summary>
    /// <param name="results">The run.</param>
    /// <param name="path">The run's folder as the document names it, with slashes.</param>
    /// <param name="program">The command that starts this program in the folder of the document.</param>
    /// <returns>The text, and whether it is of a device.</returns>
    /// <exception cref="UserError">The run has measured neither the usual sweep nor a device.</exception>
    public static (string Text, bool IsOfDevice) Text(RunResults results, string path, string program)
    {
        var data = new ReportData([results]);
        var headline = new Headline(data, data.Runs[0]);
        if (headline.Rows.Count > 0)
            return (Text(headline, path, program), false);
        return DeviceHeadlineMarkdown.Text(data, path, program) is { } text
            ? (text, true)
            : throw new UserError(
                $"{path} has no headline: no softmax kernel was measured with 8 heads of 64 channels, full or causal, nor any by the clock of a device.");
    }

    private static string Text(Headline headline, string path, string program)
    {
        string peers = headline.HasPeers ? " and the fastest peer" : "";
        string none = headline.HasPeers ? "" : " No peer was measured.";
        return
            $"""
            Softmax attention, 8 heads of 64 channels: the fastest kernel of this suite, its exact GFLOP/s, their share of the multiply-add peak of
            the same run, and how many times as fast it is as the OpenBLAS three-pass{peers}. In brackets: what the intervals allow.

            {Doubts(headline.Conditions)}{Table(headline)}
            {DecodingTable(headline)}{FamilyTable(headline)}*{Markdown.Escape(headline.Provenance)}.{none}*
            The whole report is in [`{path}`]({path}); these tables are written by

                {program} report {path} --headline README.md

            """;
    }

    private static string Doubts(Conditions conditions)
    {
        if (conditions.Quiet)
            return "";
        string warnings = string.Join("; ", conditions.Warnings.Select(warning => warning.Text));
        return
            $"""
            **{char.ToUpperInvariant(conditions.Word[0])}{conditions.Word[1..]}**: {Markdown.Escape(warnings)}.


            """;
    }

    private static string Table(Headline headline)
    {
        bool isAmbiguous = headline.Peers.Count() > 1;
        string[] peer = headline.HasPeers ? ["× best peer"] : [];
        return Markdown.Table(
            ["mask", "threads", "N", "fastest kernel", "GFLOP/s", "of peak", "× OpenBLAS", .. peer],
            headline.Rows.GroupBy(row => (row.Best.Result.Mask, row.Best.Result.Threads)).SelectMany(same => Nearest(same, 512, 4096)).Select(row => (string[])
            [
                row.Best.Result.Mask, $"{row.Best.Result.Threads}", $"{SweepKey.Length(row.Best)}", $"`{row.Best.Result.Kernel}`",
                Numbers.Or(row.Best.Result.ExactGflops, Numbers.Significant), Numbers.Or(row.Best.Result.CeilingShare, Numbers.Share),
                row.OverLibrary?.ToString() ?? "–", .. peer.Select(_ => OverPeer(row, isAmbiguous)),
            ]));
    }

    private static string DecodingTable(Headline headline)
    {
        if (headline.Decoding.Count == 0)
            return "";
        ReportCase first = headline.Decoding[0].Best;
        bool hasPeers = headline.Decoding.Any(row => row.Peer is not null);
        string[] peer = hasPeers ? ["× best peer"] : [];
        return
            $"""
            Decoding, one query of {first.Problem!.Heads} heads on {first.Problem.KvHeads} kv heads of {Channels(first.Problem)} channels,
            {Numbers.Threads(first.Result.Threads)}: what bounds it is reading keys and values, from the cache that holds them or from memory.

            {Markdown.Table(
                ["keys", "fastest kernel", "time", "GB/s", "of read bandwidth", .. peer],
                Nearest(headline.Decoding, 2048, 32768).Select(row => (string[])
                [
                    $"{SweepKey.Length(row.Best)}", $"`{row.Best.Result.Kernel}`", Numbers.Time(row.Best.Nanoseconds),
                    Numbers.Or(row.Best.Result.GigabytesPerSecond, Numbers.Significant), Numbers.Or(row.Best.Result.BandwidthShare, Numbers.Share),
                    .. peer.Select(_ => OverPeer(row, isAmbiguous: true)),
                ]))}

            """;
    }

    private static string Channels(AttentionProblem problem) =>
        problem.ValueDim == problem.HeadDim ? $"{problem.HeadDim}" : $"{problem.HeadDim} (values {problem.ValueDim})";

    private static string FamilyTable(Headline headline) => headline.Families.Count == 0
        ? ""
        : $"""
            Sparse, linear and low-rank attention beside the fastest dense kernel on the same heads and lengths, one thread unless said.

            {Markdown.Table(
                ["computes", "kernel", "problem", "compared with", "outcome", "× at the longest N"],
                Foremost(headline.Families).Select(row => (string[])
                [
                    Markdown.Escape(row.Operation ?? "–"), $"`{row.Crossover.Challengers[^1].Result.Kernel}`", Markdown.Escape(row.Sweep.Key.Words),
                    $"`{row.Crossover.References[^1].Result.Kernel}`{row.Condition}", Markdown.Escape(row.Crossover.Outcome),
                    $"{row.Crossover.Ratios[^1]} at {SweepKey.Length(row.Crossover.Challengers[^1])}",
                ]))}

            """;

    // The rows whose lengths are nearest, by their ratio, to those wanted.
    private static IEnumerable<HeadlineRow> Nearest(IEnumerable<HeadlineRow> rows, params int[] lengths) =>
        lengths.Select(length => rows.MinBy(row => Math.Abs(Math.Log((double)SweepKey.Length(row.Best) / length)))!).Distinct();

    // The one of each family that gains most.
    private static IEnumerable<CrossoverTable.Row> Foremost(IEnumerable<CrossoverTable.Row> rows) =>
        rows.GroupBy(row => row.Family).Select(family => family.MaxBy(row => row.Crossover.Ratios[^1].Value)!);

    // When one peer is the fastest in all rows, only the line below the table names it.
    private static string OverPeer(HeadlineRow row, bool isAmbiguous) =>
        row.OverPeer is not { } over ? "–" : isAmbiguous ? $"{over} `{row.Peer!.Result.Kernel}`" : $"{over}";
}
