using System.Text;
using Kernels.Report.Files;
using Kernels.Results;
using Kernels.Tests.Structure;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>The table for other programs, and the summary.</summary>
[RunsOnce]
public sealed class FileTests(ReportFixture report) : IClassFixture<ReportFixture>
{
    private static readonly string[] Numeric = ["median_ns", "low_ns", "high_ns", "exact_gflops", "dense_gflops", "times_baseline"];

    [Fact]
    public void CsvHasEveryCaseAndReadsBackTheSame()
    {
        List<Dictionary<string, string>> rows = ReadCsv(File.ReadAllText(Path.Combine(report.Folder, CsvFile.Name)));
        Assert.Equal(report.Run.Cases.Count, rows.Count);
        Assert.All(report.Run.Cases.Zip(rows), pair =>
        {
            (CaseResult expected, Dictionary<string, string> row) = pair;
            bool isShown = expected.Status == CaseStatus.Measured && expected.Kernel != Synthetic.Wrong;
            Assert.Equal(expected.Kernel, row["kernel"]);
            Assert.Equal(expected.Problem, row["problem"]);
            if (expected.Kernel != Synthetic.Wrong)
                Assert.Equal(expected.Reason ?? "", row["reason"]);
            if (isShown)
                Assert.Equal(expected.Timing!.MedianNs, double.Parse(row["median_ns"]));
            else
                Assert.All(Numeric, name => Assert.Empty(row[name]));
        });
    }

    [Fact]
    public void EveryCsvColumnIsDocumented()
    {
        string header = File.ReadLines(Path.Combine(report.Folder, CsvFile.Name)).First();
        string document = Repository.Read("docs/results.md");
        Assert.All(header.Split(','), column => Assert.Contains($"| `{column}` |", document, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryTableOfTheSummaryHasRowsOfOneWidth()
    {
        string[] lines = File.ReadAllLines(Path.Combine(report.Folder, MarkdownSummary.Name));
        int width = 0;
        foreach (string line in lines)
        {
            int cells = line.StartsWith('|') ? line.Replace("\\|", "", StringComparison.Ordinal).Count(c => c == '|') : 0;
            Assert.True(width == 0 || cells == 0 || cells == width, line);
            width = cells;
        }
        const string Fastest = "| amd-epyc-2c | vit-b16 | b1-h12-q197-k197-d64 | 2 | flash-avx512-6x64 |";
        Assert.Contains(lines, line => line.StartsWith(Fastest, StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("<script", StringComparison.Ordinal));
    }

    private static List<Dictionary<string, string>> ReadCsv(string text)
    {
        var records = new List<List<string>> { new() };
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"')
                field.Append(text[i++]);
            else if (text[i] == '"')
                quoted = !quoted;
            else if (!quoted && text[i] is ',' or '\n')
            {
                records[^1].Add(field.ToString());
                field.Clear();
                if (text[i] == '\n')
                    records.Add([]);
            }
            else if (quoted || text[i] != '\r')
                field.Append(text[i]);
        }
        List<string> header = records[0];
        return [.. records.Skip(1).Where(record => record.Count > 0).Select(record =>
        {
            Assert.Equal(header.Count, record.Count);
            return header.Zip(record).ToDictionary(pair => pair.First, pair => pair.Second);
        })];
    }
}
