using Kernels.Abstractions;
using Kernels.Sparse;
using Kernels.Tests.CommandLine;
using Kernels.Tests.Flash;
using Xunit;

namespace Kernels.Tests.Sparse;

public sealed class SparseTilesTests
{
    private static readonly string[] masks =
    [
        "window20+3", "dilated10x3", "longnet32x1+64x3", "blocks16-p30-seed1", "bigbird16-w3-g1-r2-seed1", "longformer16-g5", "strided9",
        "fixed16-c2",
    ];

    public static TheoryData<string> Kernels => [.. SparseKernels.All.Select(kernel => kernel.Info.Name)];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Any_number_of_threads_gives_the_same_numbers(string name)
    {
        Kernel kernel = Available(name);
        foreach (AttentionProblem problem in Problems())
            new FlashCase(problem).AssertSameOnAnyThreads(kernel);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_call_allocates_nothing(string name)
    {
        Kernel kernel = Available(name);
        foreach (AttentionProblem problem in Problems())
            new FlashCase(problem).AssertAllocatesNothing(kernel);
    }

    [Fact]
    public void Scratch_does_not_grow_with_the_keys_unless_parts_are_mixed()
    {
        Kernel kernel = SparseKernels.All[0];
        Assert.Contains("nothing to skip", kernel.WhyNot(new AttentionProblem(1, 1, 1, 8, 8, 4)), StringComparison.Ordinal);
        foreach (string mask in masks)
        {
            Plan few = kernel.Plan(Problem(1000, mask)), many = kernel.Plan(Problem(100_000, mask));
            Assert.Equal(few.ThreadBytes, many.ThreadBytes);
            // A log-sum-exp for each row, by which the parts are joined.
            Assert.Equal(MaskName.Parse(mask)!.Parts > 1 ? sizeof(float) * 99_000L * Problem(1, mask).Heads : 0, many.SharedBytes - few.SharedBytes);
        }
    }

    [Fact]
    public void Kernels_of_one_range_a_query_refuse_patterns_with_a_reason()
    {
        AttentionProblem problem = Problem(64, "strided9");
        foreach (Kernel kernel in Bench.Catalog.All.Where(kernel =>
            kernel.Unavailable is null && kernel.Info.Family != "sparse" && kernel.Info.Operation.WhyNot(problem) is null))
            Assert.Contains("strided9 shows several", kernel.WhyNot(problem) ?? "takes it: strided9 shows several", StringComparison.Ordinal);
        Assert.Null(SparseKernels.All[0].WhyNot(problem));
    }

    [Fact]
    public async Task Masks_are_drawn_by_list()
    {
        CommandRun run = await CommandRun.Of("list", "--masks");
        Assert.All(MaskForms.All.Where(form => form.Picture.Length > 0), form => Assert.Contains(form.Picture, run.Output, StringComparison.Ordinal));
        Assert.Contains("█", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("window4096", "spans 2,048 tokens")]
    [InlineData("longnet512x1", "spans 512 tokens")]
    [InlineData("longnet0x1", "at least 1")]
    [InlineData("blocks64@no-such-file", "cannot be read")]
    [InlineData("stridden", "mask")]
    public async Task Masks_without_room_and_names_out_of_range_are_refused_in_a_line(string mask, string reason) =>
        Assert.Contains(reason, await CommandRun.Refused("compare", "sparse-tiles-portable", "--lengths", "100", "--masks", mask));

    [Fact]
    public async Task A_pattern_comes_from_a_file_and_must_be_of_the_right_size()
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("Pattern.txt");
        await File.WriteAllTextAsync(file, "110\n010\n001\n", TestContext.Current.CancellationToken);
        string[] words = ["verify", "--kernels", "sparse-tiles-portable", "--masks", $"blocks16@{file}", "--shapes"];
        Assert.Equal(0, (await CommandRun.Of([.. words, "h2-q40-d16"])).ExitCode);
        Assert.Contains("has 3 × 3 blocks", await CommandRun.Refused([.. words, "h2-q60-d16"]));
        await File.WriteAllTextAsync(file, "110\n01\n001\n", TestContext.Current.CancellationToken);
        Assert.Contains("row 2 of the file has 2 blocks", await CommandRun.Refused([.. words, "h2-q40-d16"]));
    }

    private static IEnumerable<AttentionProblem> Problems() =>
        masks.Select(mask => new AttentionProblem(2, 4, 2, 101, 130, 24, MaskName.Parse(mask)));

    private static AttentionProblem Problem(int tokens, string mask) => new(1, 1, 1, tokens, tokens, 64, MaskName.Parse(mask));

    private static Kernel Available(string name)
    {
        Kernel kernel = SparseKernels.All.Single(kernel => kernel.Info.Name == name);
        Assert.SkipWhen(kernel.Unavailable is not null, $"{name}: {kernel.Unavailable}");
        return kernel;
    }
}
