using Kernels.Report.Files;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>The length of the summary.</summary>
[RunsOnce]
public sealed class MarkdownSummaryTests
{
    private const int MostLines = 60;

    [Theory]
    [InlineData(1, 5)]
    [InlineData(1, 300)]
    [InlineData(12, 40)]
    public void At_most_sixty_lines_are_not_folded(int runs, int lengths)
    {
        SyntheticSweep.Line[] kernels =
        [
            new("simd-avx512", keys => 2.0 * keys * keys), new("flash-avx512-6x64", keys => 1.0 * keys * keys),
            new(Synthetic.Hostile, keys => 3.0 * keys * keys),
        ];
        RunResults run = SyntheticSweep.Run([.. Enumerable.Range(1, lengths).Select(length => 64 * length)], kernels);
        string[] lines = MarkdownSummary.Text(new ReportData([.. Enumerable.Repeat(run, runs)])).TrimEnd('\n').Split('\n');
        int fold = Array.FindIndex(lines, line => line.StartsWith("<details>", StringComparison.Ordinal));
        Assert.True(fold < 0 ? lines.Length <= MostLines : fold + 2 <= MostLines, $"{fold} of {lines.Length}");
        Assert.Equal(fold >= 0, lines[^1] == "</details>");
        Assert.StartsWith("## amd-epyc-2c", lines[0]);
        // Each case has its row, folded or not.
        Assert.Equal(runs * lengths * 3, lines.SkipWhile(line => line != "### All cases").Count(line => line.Contains("| b1-h8-q", StringComparison.Ordinal)));
    }
}
