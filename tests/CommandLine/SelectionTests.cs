using Kernels.Abstractions;
using Kernels.Bench;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Suites;
using Kernels.Measurement;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.CommandLine;

[RunsOnce]
public class SelectionTests
{
    [Fact]
    public void All_kernels_without_a_glob() => Assert.Same(Catalog.All, KernelSelection.Parse(null));

    [Theory]
    [InlineData("naive-triple-loop", "naive-triple-loop")]
    [InlineData("NAIVE-Triple-*", "naive-triple-loop")]
    [InlineData("naive-thr?e-pass", "naive-three-pass")]
    [InlineData(" naive-online-softmax , naive-triple-loop ", "naive-triple-loop naive-online-softmax")]
    [InlineData("naive-t*,naive-triple-loop", "naive-triple-loop naive-three-pass")]
    public void Globs_keep_the_order_of_the_catalog(string globs, string expected) =>
        Assert.Equal(expected.Split(' '), KernelSelection.Parse(globs).Select(kernel => kernel.Info.Name));

    [Theory]
    [InlineData("naive-tripel-loop", "'naive-tripel-loop'; the nearest are naive-triple-loop,")]
    [InlineData("tripl", "the nearest are naive-triple-loop,")]
    [InlineData("xyz-*", "No kernel matches 'xyz-*'")]
    [InlineData("naive-*,flsh9*", "'flsh9*'")]
    [InlineData("naive-*,", "--kernels has an empty item")]
    [InlineData("", "--kernels has an empty item")]
    [InlineData("x\u001b[31m\ny", "'x␣[31m␣y'")]
    public void Unknown_kernels_are_named_with_the_nearest(string globs, string expected) =>
        Assert.Contains(expected, Assert.Throws<UserError>(() => KernelSelection.Parse(globs)).Message);

    [Theory]
    [InlineData("layers-tiled-multi-head+linear-retention-chunked", "computes retention in float32, not softmax or softmax-alibi or linear-elu in float32")]
    [InlineData("layers-tiled-multi-head+flash-bf16-*", "computes softmax in bfloat16")]
    [InlineData("layers-naive-multi-head+flash-*", "No kernel matches")]
    public void What_cannot_be_in_a_layer_is_refused(string globs, string expected) =>
        Assert.Contains(expected, Assert.Throws<UserError>(() => KernelSelection.Parse(globs)).Message);

    [Fact]
    public void A_layer_around_a_kernel_is_one_kernel()
    {
        const string Name = "layers-tiled-multi-head+linear-elu-chunked";

        Assert.Same(KernelSelection.One(Name), Assert.Single(KernelSelection.Parse(Name)));
        Assert.Same(KernelSelection.One(Name), Assert.Single(new SuiteKernels(Name).Among(Catalog.All)));
    }

    [Theory]
    [InlineData("128", new[] { 128 })]
    [InlineData("128..1024", new[] { 128, 256, 512, 1024 })]
    [InlineData("100..1000", new[] { 100, 128, 256, 512, 1000 })]
    [InlineData("7..7", new[] { 7 })]
    [InlineData("1000,128,128..256", new[] { 128, 256, 1000 })]
    public void Lengths_are_numbers_and_ranges(string text, int[] expected) => Assert.Equal(expected, LengthSelection.Parse(text));

    [Fact]
    public void A_range_may_end_at_the_largest_number() =>
        Assert.Equal([1 << 30, int.MaxValue], LengthSelection.Parse("1073741824..2147483647"));

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("4096..128")]
    [InlineData("128..")]
    [InlineData("1..2..3")]
    [InlineData("1e3")]
    [InlineData("99999999999")]
    [InlineData("")]
    [InlineData("128;256")]
    public void Lengths_that_are_none_are_refused(string text) =>
        Assert.Contains("--lengths", Assert.Throws<UserError>(() => LengthSelection.Parse(text)).Message);

    [Theory]
    [InlineData("1", new[] { 1 })]
    [InlineData("4,2,2", new[] { 2, 4 })]
    public void Threads_are_numbers(string text, int[] expected) => Assert.Equal(expected, ThreadSelection.Parse(text));

    [Fact]
    public void Threads_may_be_all()
    {
        Assert.Equal([Environment.ProcessorCount], ThreadSelection.Parse("ALL"));
        Assert.Equal(new[] { 1, Environment.ProcessorCount }.Distinct(), ThreadSelection.Parse(null));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1000000")]
    [InlineData("two")]
    [InlineData("1,,2")]
    public void Threads_that_are_none_are_refused(string text) =>
        Assert.Contains("--threads", Assert.Throws<UserError>(() => ThreadSelection.Parse(text)).Message);

    [Fact]
    public void The_usual_shape_without_any() =>
        Assert.Equal([new NamedProblem(null, ShapeSelection.Usual)], ShapeSelection.Parse(null, null, null));

    [Fact]
    public void Shapes_are_models_and_sizes()
    {
        IReadOnlyList<NamedProblem> problems = ShapeSelection.Parse("GPT2-small,h8/2-q512-d64-window128,gpt2-small", null, null);
        Assert.Equal([NamedShapes.Gpt2Small, new(null, ProblemName.Parse("b1-h8/2-q512-k512-d64-window128"))], problems);
    }

    [Fact]
    public void Lengths_and_masks_replace_those_of_the_shapes()
    {
        IReadOnlyList<NamedProblem> problems = ShapeSelection.Parse("whisper-small-cross,llama3-8b", "128..256", "full,causal");
        Assert.Equal(
            [
                "whisper-small-cross b1-h12-q128-k128-d64", "whisper-small-cross b1-h12-q128-k128-d64-causal",
                "whisper-small-cross b1-h12-q256-k256-d64", "whisper-small-cross b1-h12-q256-k256-d64-causal",
                "llama3-8b b1-h32/8-q128-k128-d128", "llama3-8b b1-h32/8-q128-k128-d128-causal",
                "llama3-8b b1-h32/8-q256-k256-d128", "llama3-8b b1-h32/8-q256-k256-d128-causal",
            ],
            problems.Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData("gtp2-small", null, null, "Unknown shape 'gtp2-small'; the nearest are gpt2-small,")]
    [InlineData("tinystories", null, null, "tinystories-260k")]
    [InlineData("b0-h8-q512-d64", null, null, "batch size must be at least 1, but is 0")]
    [InlineData("h8-q-5-d64", null, null, "number of queries must be at least 1, but is -5")]
    [InlineData("h8/3-q512-d64", null, null, "8 heads cannot be shared evenly by 3 kv heads")]
    [InlineData("h8-q512", null, null, "is not a shape")]
    [InlineData("h8-q512-d64-diagonal", null, null, "is not a mask")]
    [InlineData("h8-q99999999999-d64", null, null, "is too large")]
    [InlineData("b2-h1000-q1000000-d64", null, null, "one tensor holds at most")]
    [InlineData("gpt2-small", "2147483647", null, "one tensor holds at most")]
    [InlineData("bert-base", null, "casual", "Unknown mask 'casual'; the nearest are causal,")]
    [InlineData("bert-base", null, "window7", "write both sides, such as 3+4")]
    [InlineData("bert-base", null, ",", "--masks has an empty item")]
    public void Shapes_that_are_none_are_refused(string shapes, string? lengths, string? masks, string expected) =>
        Assert.Contains(expected, Assert.Throws<UserError>(() => ShapeSelection.Parse(shapes, lengths, masks)).Message);

    [Fact]
    public void More_than_the_memory_is_refused()
    {
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        MemoryLimit.Require(available, "all of it");
        Assert.Contains("two bytes more need", Assert.Throws<UserError>(() => MemoryLimit.Require(available + 2, "two bytes more")).Message);
    }

    [Theory]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("", "abc", 3)]
    [InlineData("abc", "abc", 0)]
    public void Distance_counts_edits(string word, string name, int expected) =>
        Assert.Equal(expected, Nearest.Distance(word, name, anywhere: false));

    [Fact]
    public void Distance_finds_the_most_similar_part() => Assert.Equal(1, Nearest.Distance("flsh", "the-flash-kernel", anywhere: true));
}
