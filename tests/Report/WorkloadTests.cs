using System.Xml.Linq;
using Kernels.Abstractions;
using Kernels.Report.Charts;
using Kernels.Report.Files;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;
using Line = Kernels.Tests.Report.SyntheticSweep.Line;

namespace Kernels.Tests.Report;

/// <summary>Kernels of other operations and formats stand apart from softmax attention in float32, beside what they build on.</summary>
[RunsOnce]
public sealed class WorkloadTests
{
    private static readonly int[] lengths = [128, 256, 512];

    private static readonly Line plain = new("flash-a", n => 1.0 * n * n), linear = new("linear-elu", n => 300.0 * n) { Operation = Operations.LinearElu };

    private static readonly Line lse = new("flash-lse", n => 1.1 * n * n) { Operation = Operations.SoftmaxLse, BuildsOn = "flash-a" };

    private static readonly Line slowLse = new("naive-lse", n => 9.0 * n * n) { Operation = Operations.SoftmaxLse, BuildsOn = "naive-none" };

    private static readonly Line step = new("flash-step", n => 1.5 * n * n) { Operation = Operations.SoftmaxStep, BuildsOn = "flash-lse" };

    // Faster than all others: where it is taken for float32, it is the fastest kernel.
    private static readonly Line bf16 = new("flash-bf16", n => 0.5 * n * n) { Format = Format.BFloat16, BuildsOn = "flash-a" };

    private static readonly Line bf16Products = bf16 with { Name = "flash-bf16-dot", BuildsOn = "flash-bf16", Products = Element.BFloat16 };

    private static readonly ReportData data = new([SyntheticSweep.Run(lengths, plain, linear, lse, slowLse, step, bf16, bf16Products)]);

    [Theory]
    [InlineData("softmax", "softmax")]
    [InlineData("linear-elu", "softmax")]
    [InlineData("top-k", "softmax")]
    [InlineData("top-32", "softmax")]
    [InlineData("favor128-seed2-independent", "softmax")]
    [InlineData("retention6", "softmax")]
    [InlineData("linformer64-seed3", "softmax")]
    [InlineData("softmax-lse", "softmax-lse")]
    [InlineData("softmax-step", "softmax-step")]
    [InlineData("softmax-of-later", "softmax-of-later")]
    public void OperationsThatStandInForSoftmaxAreOneGroup(string operation, string group) => Assert.Equal(group, OperationGroups.Of(operation));

    [Fact]
    public void EveryOperationOfTheSuiteIsKnownWithAnyParameters() => Assert.All(
        Operations.All.Append(new FavorAttention(128, seed: 2, orthogonal: false)).Append(new TopKAttention(32)).Append(new RetentionAttention(6))
            .Append(new LinformerAttention(64, seed: 3)),
        operation => Assert.Equal(operation.GetType(), OperationGroups.Known(operation.Name)?.GetType()));

    [Fact]
    public void EachGroupAndFormatHasASweepOfItsOwn()
    {
        Assert.Equal(
            [
                ("b1-h8-d64-full", "flash-a linear-elu"), ("b1-h8-d64-full-softmax-lse", "flash-lse naive-lse"),
                ("b1-h8-d64-full-softmax-step", "flash-step"), ("b1-h8-d64-full-softmax-bfloat16", "flash-bf16"),
                ("b1-h8-d64-full-softmax-bfloat16-bfloat16-products", "flash-bf16-dot"),
            ],
            data.Sweeps.Select(sweep => (sweep.Key.Name, string.Join(' ', sweep.Lines.Select(line => line.Kernel)))));
        Assert.Equal("softmax, bfloat16, 8 heads, head dim 64, full mask, 1 thread", data.Sweeps[3].Key.Words);
    }

    [Fact]
    public void SingleShapesAreSplitToo()
    {
        RunResults run = SyntheticSweep.Run([128], plain, linear, lse, bf16);
        Assert.Equal(
            ["flash-a linear-elu", "flash-lse", "flash-bf16"],
            new ReportData([run]).Shapes.Select(shape => string.Join(' ', shape.Cases.Select(shown => shown.Result.Kernel))));
    }

    [Fact]
    public void TheHeadlineIsOfFloat32SoftmaxAlone()
    {
        Assert.Equal(["flash-a", "flash-a", "flash-a"], new Headline(data, data.Runs[0]).Rows.Select(row => row.Best.Result.Kernel));
        Assert.Equal("flash-a", Tiles.Of(data).Single(tile => tile.Title == "Fastest kernel").Value);
    }

    [Fact]
    public void CrossoversAreOfFloat32AndItsGroupAlone() =>
        Assert.Equal(["linear-elu"], CrossoverTable.Rows(data).Select(row => Assert.Single(row.Challengers)));

    [Fact]
    public void AnOperationStandsBesideTheSoftmaxKernelDownItsLadder()
    {
        IReadOnlyList<WorkloadTable> tables = WorkloadTable.Operations(data);
        Assert.Equal(["softmax-lse", "softmax-step"], tables.Select(table => table.Workload.Words));
        Assert.Equal(["flash-lse", "flash-lse", "flash-lse"], tables[0].Rows.Select(row => row.Case.Result.Kernel));
        Assert.All(tables.SelectMany(table => table.Rows), row => Assert.Equal("flash-a", row.PlainText));
        Assert.All(tables[0].Rows, row => Assert.Equal(1.1, row.Cost!.Value.Value, 9));
        Assert.All(tables[1].Rows, row => Assert.Equal(1.5, row.Cost!.Value.Value, 9));
    }

    [Fact]
    public void AFormatStandsBesideTheFloat32KernelDownItsLadder()
    {
        IReadOnlyList<WorkloadTable> tables = WorkloadTable.Formats(data);
        Assert.Equal(["softmax, bfloat16", "softmax, bfloat16, bfloat16 products"], tables.Select(table => table.Workload.Words));
        Assert.All(tables.SelectMany(table => table.Rows), row => Assert.Equal(("flash-a", 2.0), (row.PlainText, Math.Round(row.Gain!.Value.Value, 9))));
        // q, k and v of two bytes, o of four: five eighths of float32.
        WorkloadTable.Row first = tables[0].Rows[0];
        Assert.Equal(first.Plain!.MovedBytes * 5 / 8, first.Case.MovedBytes);
        Assert.Equal(first.Case.MovedBytes!.Value / first.Case.Nanoseconds, first.Case.Result.GigabytesPerSecond!.Value, 9);
    }

    [Fact]
    public void WhatAKernelBuildsOnMayBeMissing()
    {
        WorkloadTable.Row row = WorkloadTable.Operations(new ReportData([SyntheticSweep.Run([128], slowLse)])).Single().Rows.Single();
        Assert.Equal(("–", null), (row.PlainText, row.Cost));
        RunResults run = SyntheticSweep.Run([128], plain, lse);
        run = run with { Cases = [.. run.Cases.Where(result => result.Kernel == "flash-lse")] };
        Assert.Equal("flash-a (not measured)", WorkloadTable.Operations(new ReportData([run])).Single().Rows.Single().PlainText);
    }

    [Fact]
    public void KernelsThatBuildOnEachOtherAreNoPlainOnes()
    {
        Line other = lse with { Name = "flash-other", BuildsOn = "flash-lse" };
        WorkloadTable table = WorkloadTable.Operations(new ReportData([SyntheticSweep.Run([128], lse with { BuildsOn = "flash-other" }, other)])).Single();
        Assert.Equal("–", Assert.Single(table.Rows).PlainText);
    }

    [Fact]
    public void TheLadderStandsOnWhatItsKernelsBuildOnAndSaysWhatTheyCompute()
    {
        Ladder ladder = Ladder.Of(data.Sweeps[1])!;
        Assert.Equal(
            [("flash-a", "", null), ("flash-lse", "softmax-lse", 1 / 1.1), ("naive-lse", "softmax-lse", (double?)null)],
            ladder.Rungs.Select(rung => (rung.Case.Result.Kernel, rung.Difference, rung.Gain?.Value)).OrderBy(rung => rung.Kernel));
        Assert.Equal(["flash-a", "linear-elu"], data.Sweeps[0].Lines.Select(line => line.Kernel));
        Assert.Equal("bfloat16", Ladder.Of(data.Sweeps[3])!.Rungs[^1].Difference);
        Assert.Equal(2, Ladder.Gain(data.Sweeps[3], "flash-bf16", 512)!.Value.Value, 9);
    }

    [Fact]
    public void AnOperationThatTheNameDoesNotSayStandsBesideIt()
    {
        Line soft = new("linear-soft", n => 900.0 * n) { Operation = Operations.Retention };
        Sweep sweep = SyntheticSweep.Of(lengths, plain, linear, soft);
        Assert.Equal(["flash-a", "linear-elu", "linear-soft (retention)"], sweep.Lines.Select(line => line.LabelIn(sweep)));
    }

    [Fact]
    public void ProductsOfAnotherFormatAreNotBoundByTheFloat32Peak()
    {
        ReportCase Case(string kernel) => data.Measured.First(shown => shown.Result.Kernel == kernel);
        Roofline roof = Roofline.Of(data.Runs[0], 1)!;
        Assert.NotNull(roof.Share(Case("flash-bf16")));
        Assert.Null(roof.Share(Case("flash-bf16-dot")));
        Assert.DoesNotContain("flash-bf16-dot", Tiles.Of(data)
            .Single(tile => tile.Title == "Best share of multiply-add peak").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void ThePageAndTheFilesHaveThem()
    {
        using var folder = new TemporaryFolder();
        XDocument page = PageTests.Parse(folder.Write(data.Runs[0].Results));
        string Section(string id) => page.Descendants("section").Single(section => (string?)section.Attribute("id") == id).Value;
        Assert.Contains("flash-lse", Section("operations"), StringComparison.Ordinal);
        Assert.Contains("1.10× (", Section("operations"), StringComparison.Ordinal);
        Assert.Contains("flash-bf16-dot", Section("formats"), StringComparison.Ordinal);
        Assert.Contains("2.00× (", Section("formats"), StringComparison.Ordinal);
        // Ranked with those of the same format alone.
        Assert.Contains("flash-bf16 of 1", Words(Section("fastest")), StringComparison.Ordinal);
        Assert.Contains("computes softmax-lse in float32", Words(Section("errors")), StringComparison.Ordinal);
        Assert.All(["support", "cases"], id => Assert.Contains("bfloat16, bfloat16 products", Section(id), StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(folder.File(ReportFolder.Charts), "ladder-b1-h8-d64-full-softmax-lse-t1.svg")));
        string memory = File.ReadAllText(Path.Combine(folder.File(ReportFolder.Charts), "memory-b1-h8-d64-full-softmax-step-t1.svg"));
        Assert.Contains("operands q, k, v, o, lse", memory, StringComparison.Ordinal);
        string summary = File.ReadAllText(folder.File(MarkdownSummary.Name));
        Assert.Contains("### Fastest kernel of each problem, softmax-lse\n", summary, StringComparison.Ordinal);
        Assert.Contains("### softmax, bfloat16 against float32\n", summary, StringComparison.Ordinal);
        string[] csv = [.. File.ReadLines(folder.File(CsvFile.Name)).Where(row => row.Contains(",flash-bf16-dot,", StringComparison.Ordinal))];
        Assert.All(csv, row => Assert.Contains(",softmax,bfloat16,bfloat16,", row, StringComparison.Ordinal));

        static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void WidthsPositionsAndOrderTellProblemsApart()
    {
        const string Usual = "b1-h8-q64-k256-d64-causal", Unusual = "b1-h8-q64@1024-k256@512-d192v128-causal-bshd";
        RunResults run = SyntheticSweep.Run([128], plain) with
        {
            Cases =
            [
                .. new[] { Usual, Usual.Replace("256", "512"), Unusual, Unusual.Replace("256", "512") }
                    .Select(problem => SyntheticSweep.Case(plain, problem, 1)),
            ],
        };
        using var folder = new TemporaryFolder();
        folder.Write(run);
        Assert.True(File.Exists(Path.Combine(folder.File(ReportFolder.Charts), "time-b1-h8-q64@1024-k@512-d192v128-causal-bshd-t1.svg")));
        var positioned = new ReportData([run]);
        Sweep sweep = positioned.Sweeps[1];
        Assert.Equal("b1-h8-q64@1024-k@512-d192v128-causal-bshd", sweep.Key.Name);
        Assert.Equal(
            "8 heads, 64 queries, first query at 1024, first key at 512, head dim 192, value dim 128, causal mask, token-major order, 1 thread",
            sweep.Key.Words);
        Assert.Empty(new Headline(positioned, positioned.Runs[0]).Rows);
    }

    [Theory]
    [InlineData("b1-h8/2-q64@1024-k256@512-d192v128-causal-bshd", "flash-a_b1-h8.2-q64@1024-k256@512-d192v128-causal-bshd_t2")]
    [InlineData("b1-h8-q64-k64-d64-blocks64@C:\\my*masks/a_1.txt", "flash-a_b1-h8-q64-k64-d64-blocks64@C..my.masks.a_1.txt-fbb763a2ae59_t2")]
    public void KeysOfCasesAreNamesOfFiles(string problem, string key) => Assert.Equal(key, CaseResult.Key("flash-a", problem, 2));

    [Fact]
    public void EveryFamilyHasAColourAndAMarkerOfItsOwn()
    {
        Assert.Equal(Families.All.Count, Families.All.Select(family => SeriesStyle.Of(family.Name, 0).Marker).Distinct().Count());
        Assert.Equal(Families.All.Count, Families.All.Select(family => Palette.Family(family.Name)).Distinct().Count());
        Assert.Equal("naive, simd or flash", Families.DenseNames);
    }
}
