using Kernels.Abstractions;
using Kernels.Report.Files;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;
using Line = Kernels.Tests.Report.LayerResults.Line;

namespace Kernels.Tests.Report;

/// <summary>Recurrences beside attention, on times whose laws are known.</summary>
[RunsOnce]
public sealed class SequenceModelTests
{
    private static readonly int[] lengths = [64, 256, 1024];

    private static readonly Line[] lines =
    [
        Linear("layers-naive-rnn", Operations.Rnn, 9000), Linear("layers-tiled-rnn", Operations.Rnn, 3000) with { Speedup = 1.1 },
        Linear("layers-tiled-seq2seq", Operations.SequenceToSequence, 20_000),
        Quadratic("layers-tiled-seq2seq-additive", Operations.SequenceToSequenceAdditive, 100),
        Quadratic("layers-tiled-seq2seq-dot", Operations.SequenceToSequenceDot, 50), Quadratic("layers-tiled-multi-head+simd-avx2", Operations.MultiHead, 20),
        Quadratic("layers-tiled-multi-head", Operations.MultiHead, 5) with { Speedup = 1.9 }, Quadratic("layers-naive-multi-head", Operations.MultiHead, 900),
    ];

    [Fact]
    public void EveryOperationHasARowWithItsFastestKernel()
    {
        SequenceModels models = Assert.Single(Models(lines));

        Assert.Equal(
            ["layers-tiled-rnn", "layers-tiled-seq2seq", "layers-tiled-seq2seq-additive",
                "layers-tiled-seq2seq-dot", "layers-tiled-multi-head+simd-avx2", "layers-tiled-multi-head"],
            models.Rows.Select(row => row.Line.Kernel));
        Assert.Equal(["N", "2·N", "2·N", "2·N", "1", "1"], models.Rows.Select(row => row.Steps));
        Assert.Equal(["N", "2·N", "2", "2", "1", "1"], models.Rows.Select(row => row.PathLength));
        Assert.Equal(1, models.Rows[0].Line.Slope!.Value, 9);
        Assert.Equal(2, models.Rows[^1].Line.Slope!.Value, 9);
    }

    [Fact]
    public void TwoThreadsAreComparedWithOne()
    {
        SequenceModels models = Assert.Single(Models(lines));

        Assert.Equal([1, 2], models.Threads);
        Assert.Equal(1.1, models.Rows[0].Speedup(64)!.Value.Value, 9);
        Assert.Equal(1.9, models.Rows[^1].Speedup(1024)!.Value.Value, 9);
        Assert.Null(models.Rows[0].Speedup(2048));
    }

    [Fact]
    public void WithoutARecurrenceThereIsNothing() =>
        Assert.Empty(Models([.. lines.Where(line => line.Operation is MultiHeadAttention)]));

    [Fact]
    public void TheLadderGoesFromAFixedContextToFlash()
    {
        AttentionHistory history = AttentionHistory.Of(Assert.Single(Models(lines)), threads: 1)!;

        Assert.Equal(1024, history.Length);
        Assert.Equal(
            [("fixed context", null), ("additive attention", 0.195), ("dot-product attention", 2.0), ("multi-head attention", 2.5), ("flash attention", 4.0)],
            history.Steps.Select(step => (step.Title, step.Gain is { } gain ? Math.Round(gain.Value, 3) : (double?)null)));
        // The textbook's loops write scores too, but are not the fastest that do.
        Assert.Equal("layers-tiled-multi-head+simd-avx2", history.Steps[3].Case.Result.Kernel);
    }

    [Fact]
    public void AStepThatWasNotMeasuredIsLeftOut()
    {
        Line[] few = [lines[2], lines[6]];
        Assert.Equal(["fixed context", "flash attention"], AttentionHistory.Of(Assert.Single(Models(few)), threads: 2)!.Steps.Select(step => step.Title));
        Assert.Null(AttentionHistory.Of(Assert.Single(Models([lines[0], lines[6]])), threads: 1));
    }

    [Fact]
    public void ThePageHasTableAndCharts()
    {
        using var folder = new TemporaryFolder();
        string page = folder.Write(Run(lines));

        Assert.Contains("id=\"recurrence\"", page, StringComparison.Ordinal);
        Assert.Contains("from a fixed context to flash attention, N = 1024", page, StringComparison.Ordinal);
        Assert.Contains("| seq2seq-dot | layers-tiled-seq2seq-dot | 2·N | 2 | 2.000 | 1024 |",
            MarkdownSummary.Text(new ReportData([Run(lines)])), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(folder.File("charts"), "sequence-*.svg").Length);
    }

    [Theory]
    [InlineData("rnn", 30, 30)]
    [InlineData("gru", 30, 30)]
    [InlineData("seq2seq", 50, 50)]
    [InlineData("seq2seq-additive", 50, 2)]
    [InlineData("seq2seq-dot", 50, 2)]
    [InlineData("additive-attention", 1, 1)]
    [InlineData("multi-head", 1, 1)]
    public void StepsAndPathsAreThoseOfTheOperation(string name, int steps, int path)
    {
        LayerOperation operation = Operations.Layers.Single(each => each.Name == name);
        var problem = new LayerProblem(new(2, 1, 1, 30, operation is SequenceToSequence ? 20 : 30, 8), 8);

        Assert.Equal((steps, path), (operation.Steps(problem), operation.PathLength(problem)));
    }

    private static Line Linear(string name, LayerOperation operation, double perToken) =>
        new(name, operation, ("recurrence", problem => perToken * problem.Queries));

    private static Line Quadratic(string name, LayerOperation operation, double perPair) =>
        new(name, operation, ("attention", problem => perPair * problem.Queries * problem.Queries));

    private static IReadOnlyList<SequenceModels> Models(Line[] measured) => SequenceModels.All(new ReportData([Run(measured)]));

    private static RunResults Run(Line[] measured) => LayerResults.Run([.. measured.Select(line => (line, LayerResults.Lengths(lengths)))]);
}
