using System.Text.RegularExpressions;
using System.Xml.Linq;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>What the page says, and that it is well formed and harmless.</summary>
[RunsOnce]
public sealed partial class PageTests(ReportFixture report) : IClassFixture<ReportFixture>
{
    [Fact]
    public void PageIsWellFormed() => Assert.Equal("html", Parse(report.Html).Root!.Name.LocalName);

    [Fact]
    public void PageLoadsNothing()
    {
        XDocument page = Parse(report.Html);
        // Without script, pictures of its own folder.
        Assert.All(page.Descendants().Attributes("src"), source =>
        {
            Assert.Equal("noscript", source.Parent!.Parent!.Name.LocalName);
            Assert.Matches("^charts/[^/:]+\\.svg$", source.Value);
        });
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "link" or "iframe" or "object" or "image" or "use");
        Assert.All(
            page.Descendants().Attributes("href").Select(attribute => attribute.Value),
            href => Assert.True(href.StartsWith('#') || !href.Contains(':', StringComparison.Ordinal), href));
        string style = RawText().Match(report.Html).Value;
        Assert.StartsWith("<style>", style, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", style, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", style, StringComparison.Ordinal);
    }

    [Fact]
    public void DataIsEscaped()
    {
        Assert.DoesNotContain("<script>alert", report.Html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", report.Html, StringComparison.Ordinal);
        Assert.Equal(5, Parse(report.Html).Descendants("script").Count());
    }

    [Fact]
    public void EveryCaseHasARow()
    {
        List<XElement> rows = Rows();
        Assert.Equal(report.Run.Cases.Count, rows.Count);
        Assert.All(report.Run.Cases.Zip(rows), pair =>
        {
            string text = pair.Second.Value;
            Assert.Contains(pair.First.Kernel.Replace('\u0001', '\uFFFD'), text, StringComparison.Ordinal);
            Assert.Contains(pair.First.Problem, text, StringComparison.Ordinal);
            if (pair.First.Reason is { } reason)
                Assert.Contains(reason, text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void NoTimeIsShownOfAKernelThatTheGateRejected()
    {
        string[] titles = [.. CaseColumn.All(withRun: false).Select(column => column.Title)];
        int first = Array.IndexOf(titles, "Median (µs)");
        int last = Array.IndexOf(titles, "Share of multiply-add peak");
        List<XElement> rows = [.. Rows().Where(row => row.Value.Contains(Synthetic.Wrong, StringComparison.Ordinal))];
        Assert.Equal(8, rows.Count);
        Assert.All(rows, row =>
        {
            Assert.Equal("wrong", (string?)row.Attribute("class"));
            Assert.All(row.Elements().Skip(first).Take(last - first + 1), cell => Assert.Equal("–", cell.Value));
        });
        Assert.DoesNotContain(
            Parse(report.Html).Descendants().Attributes("data-legend"), kernel => kernel.Value == Synthetic.Wrong);
        Assert.DoesNotContain(Synthetic.Wrong, RawText().Matches(report.Html)
            .Single(raw => raw.Value.Contains("id=\"chart-data\"", StringComparison.Ordinal)).Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("flash-avx512-6x64")]
    [InlineData("1 of 2")]
    [InlineData("4 right")]
    [InlineData("1 wrong")]
    [InlineData("no NVIDIA driver: libcuda.so.1 not found")]
    [InlineData("predicted 70 s exceeds the budget")]
    [InlineData("dotnet run -c Release --project bench -- run --suite quick")]
    [InlineData("85e6548")]
    [InlineData("the last tile is missing")]
    [InlineData("keeps state")]
    [InlineData("40.0×")]
    public void PageSays(string text)
    {
        string page = Parse(report.Html).Root!.Value.Replace('\u00A0', ' ');
        Assert.Contains(text, page, StringComparison.Ordinal);
    }

    [Fact]
    public void NumericHeadingsNameTheirUnitOrConvention()
    {
        string[] titles = [.. CaseColumn.All(withRun: false).Select(column => column.Title)];
        Assert.Contains("Exact GFLOP/s", titles);
        Assert.Contains("Dense-equivalent GFLOP/s", titles);
        Assert.All(titles.Where(title => title.Contains("GFLOP", StringComparison.Ordinal)), title => Assert.Matches("Exact|Dense", title));
    }

    [Fact]
    public void InterruptedRunSaysSo()
    {
        using var folder = new TemporaryFolder();
        RunResults run = Synthetic.Run() with { Run = Synthetic.Info("stopped", interrupted: true) };
        Assert.Contains("was interrupted: cases are missing", folder.Write(run), StringComparison.Ordinal);
    }

    private List<XElement> Rows() =>
        [.. Parse(report.Html).Descendants("table").Single(table => (string?)table.Attribute("id") == "all").Element("tbody")!.Elements()];

    /// <summary>
    /// Reads the page as XML, so that a tag that is not closed or nested wrongly fails. What HTML allows beyond XML is put right first:
    /// scripts and styles are emptied, void elements closed, and attributes without a value given one.
    /// </summary>
    internal static XDocument Parse(string html)
    {
        string text = html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal).Replace("&#x1;", "\uFFFD", StringComparison.Ordinal);
        text = RawText().Replace(text, "$1$2");
        text = BareAttribute().Replace(text, " $1=\"\"");
        return XDocument.Parse(VoidElement().Replace(text, "$1/>"), LoadOptions.PreserveWhitespace);
    }

    [GeneratedRegex("(<(?:script|style)\\b[^>]*>).*?(</(?:script|style)>)", RegexOptions.Singleline)]
    private static partial Regex RawText();

    [GeneratedRegex("(?<=<(?:input|button|label|p)\\b[^>]*) (hidden|checked)(?=[ >])")]
    private static partial Regex BareAttribute();

    [GeneratedRegex("(<(?:meta|input)\\b[^>]*?) ?/?>")]
    private static partial Regex VoidElement();
}
