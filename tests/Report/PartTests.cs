using Kernels.Abstractions;
using Kernels.Report.Charts;
using Kernels.Report.Files;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;
using Line = Kernels.Tests.Report.LayerResults.Line;

namespace Kernels.Tests.Report;

/// <summary>Where the time of layers and models goes, on times whose laws are known.</summary>
[RunsOnce]
public sealed class PartTests
{
    private static readonly int[] lengths = [64, 1024, 4096];

    // Attention overtakes at 4·N² = 8000·N, N = 2000.
    private static readonly Line layer = new(
        "layers-tiled-encoder-layer", Operations.EncoderLayer,
        (PartLine.Attention, problem => 4.0 * problem.Queries * problem.Queries), (PartLine.FeedForward, problem => 8000.0 * problem.Queries),
        ("projections", problem => 4000.0 * problem.Queries))
    { TimesInModel = 12 };

    private static readonly Line embedding = End("embedding", Operations.Embedding, 50),
        slowEmbedding = End("embedding", Operations.Embedding, 70) with { Name = "layers-naive-embedding" },
        vocabulary = End("vocabulary", Operations.Vocabulary, 48_000);

    [Fact]
    public void AttentionOvertakesWhereBothTakeTheSameTime()
    {
        PartLine line = Assert.Single(Lines((layer, lengths)));

        Assert.Equal(2000, line.Crossing!.Value, 6);
        Assert.Equal("at N\u00A0≈\u00A02000", line.Outcome);
        Assert.Equal(2, line.Exponent(PartLine.Attention)!.Value, 9);
        Assert.Equal(1, line.Exponent(PartLine.FeedForward, "projections")!.Value, 9);
    }

    [Theory]
    [InlineData(64, 128, "never within N\u00A0=\u00A064…128")]
    [InlineData(2048, 4096, "ahead at N\u00A0=\u00A02048 already")]
    public void WhereTheyDoNotCrossTheRangeIsStated(int from, int to, string outcome) =>
        Assert.Equal(outcome, Assert.Single(Lines((layer, [from, to]))).Outcome);

    [Fact]
    public void AnAttentionThatGrowsLikeTheRestNeverOvertakes()
    {
        PartLine line = Assert.Single(Lines((layer with
        {
            Name = "layers-tiled-encoder-layer+linear-elu-chunked",
            Operation = Operations.LinearEncoderLayer,
            Parts = [(PartLine.Attention, problem => 900.0 * problem.Queries), (PartLine.FeedForward, problem => 8000.0 * problem.Queries)],
        }, lengths)));

        Assert.Null(line.Crossing);
        Assert.Equal(1, line.Exponent(PartLine.Attention)!.Value, 9);
        Assert.Equal(("linear-elu-chunked", "flash"), (LayerCore.Words(line.Kernel), LayerCore.Words(layer.Name)));
    }

    [Fact]
    public void AModelIsItsLayersAndEnds()
    {
        IReadOnlyList<PartLine> lines = Lines((layer, lengths), (embedding, lengths), (slowEmbedding, lengths), (vocabulary, [64, 4096]));

        PartLine model = Assert.Single(lines, line => line.Model is not null);
        Assert.Equal("12 × layers-tiled-encoder-layer + embedding + vocabulary", model.Model);
        // At 1024 there is no vocabulary. The faster embedding counts.
        Assert.Equal([64, 4096], model.Points.Select(point => point.Length));
        double attention = 12 * 4.0 * 64 * 64, all = attention + 12 * 12_000.0 * 64 + 50 * 64 + 48_000 * 64;
        Assert.Equal(all, model.Points[0].Nanoseconds, 3);
        Assert.Equal(attention / all, model.Points[0][PartLine.Attention], 9);
        Assert.Equal(48_000 * 64 / all, model.Points[0]["vocabulary"], 9);
        Assert.Equal(1, model.Points[0].Parts.Sum(part => part.Share), 9);
    }

    [Fact]
    public void WithoutEndsOrTheirNumberThereIsNoModel()
    {
        Assert.DoesNotContain(Lines((layer, lengths)), line => line.Model is not null);
        Assert.DoesNotContain(Lines((layer with { TimesInModel = null }, lengths), (embedding, lengths)), line => line.Model is not null);
        // Of another model.
        Assert.DoesNotContain(Lines((layer, lengths), (embedding with { Shape = "other" }, lengths)), line => line.Model is not null);
        // Results come from a file, and may say anything.
        Assert.DoesNotContain(Lines((layer with { TimesInModel = -3 }, lengths), (embedding, lengths)), line => line.Model is not null);
    }

    [Fact]
    public void TheWidthOfHeadsHasALawToo()
    {
        Line heads = new("layers-tiled-multi-head", Operations.MultiHead,
            (PartLine.Attention, problem => 1e4 * problem.HeadDim), ("projections", problem => 10.0 * problem.HeadDim * problem.HeadDim));
        LayerProblem[] problems = [.. new[] { 16, 32, 64 }.Select(headDim => new LayerProblem(new(1, 12, 12, 2048, 2048, headDim), 12 * headDim))];

        HeadDimLaw law = Assert.Single(HeadDimLaw.All(new ReportData([LayerResults.Run((heads, problems))])));

        Assert.Equal((2048, "16…64"), (law.Length, law.HeadDims));
        Assert.Equal(1, law.Exponent(PartLine.Attention)!.Value, 9);
        Assert.Equal(2, law.Exponent("projections")!.Value, 9);
        Assert.Empty(HeadDimLaw.All(new ReportData([LayerResults.Run((heads, problems[..2]))])));
    }

    [Fact]
    public void PageAndPicturesHaveThem()
    {
        RunResults run = LayerResults.Run(
            [(layer, LayerResults.Lengths(lengths)), (embedding, LayerResults.Lengths(lengths)), (vocabulary, LayerResults.Lengths(lengths))]);
        using var folder = new TemporaryFolder();
        string page = folder.Write(run);

        Assert.Contains("id=\"parts\"", page, StringComparison.Ordinal);
        Assert.Contains("12 × layers-tiled-encoder-layer + embedding + vocabulary", System.Net.WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        var data = new ReportData([run]);
        Assert.Contains("| model | layers-tiled-encoder-layer | full | at N\u00A0≈\u00A02000 | 2.000 | 1.000 |",
            MarkdownSummary.Text(data), StringComparison.Ordinal);
        Chart[] charts = [.. new ChartSet(data, new KernelStyles(data)).Parts.Select(part => part.Chart)];
        Assert.Equal(2, charts.Length);
        // The highest line is the whole.
        Assert.All(charts, chart => Assert.All(((LineChart)chart.Drawing).Series[^1].Points, point => Assert.Equal(1, point.Value, 9)));
    }

    private static Line End(string part, LayerOperation operation, double perToken) =>
        new($"layers-tiled-{operation.Name}", operation, (part, problem => perToken * problem.Queries)) { TimesInModel = 1 };

    private static IReadOnlyList<PartLine> Lines(params (Line Line, int[] Lengths)[] measured) =>
        PartLines.All(new ReportData([LayerResults.Run([.. measured.Select(each => (each.Line, LayerResults.Lengths(each.Lengths)))])]));
}
