using Kernels.Report.Files;
using Kernels.Report.Model;
using Xunit;
using Line = Kernels.Tests.Report.SyntheticSweep.Line;

namespace Kernels.Tests.Report;

/// <summary>Exponents of times whose laws are known.</summary>
[RunsOnce]
public sealed class GrowthTests
{
    [Fact]
    public void TheExponentIsOfTheLongLengthsAlone()
    {
        // Constant below the first length that counts.
        Line linear = new("linear-a", n => n < GrowthTable.From ? 1e6 : 50.0 * n), quadratic = new("flash-b", n => 3.0 * n * n);
        var data = new ReportData([SyntheticSweep.Run([256, 1024, 4096, 16384, 65536], linear, quadratic)]);

        IReadOnlyList<GrowthTable.Row> rows = GrowthTable.Rows(data);

        Assert.Equal(["linear-a", "flash-b"], rows.Select(row => row.Kernel));
        Assert.Equal(1, rows[0].Time, 9);
        Assert.Equal(2, rows[1].Time, 9);
        Assert.All(rows, row => Assert.Equal("N\u00A0=\u00A04096…65536", row.Lengths));
        // The scratch of these kernels does not depend on the length.
        Assert.All(rows, row => Assert.Equal(0, row.Scratch!.Value, 9));
        Assert.Contains("| linear-a | N\u00A0=\u00A04096…65536 | 1.000 | 0.000 | 64\u00A0KiB |", MarkdownSummary.Text(data), StringComparison.Ordinal);
    }

    [Fact]
    public void TwoLongLengthsAreNoLaw() =>
        Assert.Empty(GrowthTable.Rows(new ReportData([SyntheticSweep.Run([256, 4096, 16384], new Line("flash-b", n => 3.0 * n * n))])));
}
