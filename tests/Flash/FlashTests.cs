using Kernels.Abstractions;
using Kernels.Flash;
using Xunit;

namespace Kernels.Tests.Flash;

public sealed class FlashTests
{
    private static readonly AttentionMask[] Masks =
        [AttentionMask.Full, AttentionMask.Causal, AttentionMask.CausalTopLeft, AttentionMask.Window(20, 3), AttentionMask.Window(0, 0)];

    public static TheoryData<string> Kernels => FlashNames.AnyQueries;

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_head_dimension_is_right(string name)
    {
        Kernel kernel = Available(name);
        for (int headDim = 1; headDim <= 256; headDim = headDim < 20 ? headDim + 1 : headDim + 13)
            AssertRight(kernel, new AttentionProblem(1, 2, 1, 7, 67, headDim));
        foreach (int headDim in new[] { 40, 64, 72, 80, 96, 128, 256 })
            AssertRight(kernel, new AttentionProblem(1, 2, 2, 53, 61, headDim, AttentionMask.Causal));
    }

    // 6 keys and 4 … 48 rows are register tiles, 48 rows a query tile, 240 keys a block.
    [Theory]
    [MemberData(nameof(Kernels))]
    public void Lengths_around_the_tiles_are_right_under_every_mask(string name)
    {
        Kernel kernel = Available(name);
        foreach ((int queries, int keys) in new[]
            {
                (1, 1), (1, 2), (2, 1), (5, 6), (7, 5), (15, 17), (16, 16), (17, 15), (47, 48), (48, 47), (49, 49), (97, 101),
                (1, 239), (2, 240), (3, 241), (50, 480), (50, 481), (241, 50), (197, 197),
            })
        {
            foreach (AttentionMask mask in Masks)
                AssertRight(kernel, new AttentionProblem(1, 2, 2, queries, keys, 16, mask));
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Grouped_heads_share_a_tile_and_keep_their_own_masks(string name)
    {
        Kernel kernel = Available(name);
        foreach ((int heads, int kvHeads) in new[] { (4, 1), (6, 2), (32, 8), (50, 1) })
        {
            foreach (AttentionMask mask in Masks)
            {
                AssertRight(kernel, new AttentionProblem(2, heads, kvHeads, 1, 70, 8, mask));
                AssertRight(kernel, new AttentionProblem(2, heads, kvHeads, 19, 30, 8, mask));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Large_and_climbing_logits_are_right(string name)
    {
        Kernel kernel = Available(name);
        foreach (float largest in new[] { 10f, 1e4f, -1e4f })
        {
            // Several channels of values, because the error of plain float32 in a single number may be zero by chance.
            var problem = new AttentionProblem(1, 1, 1, 9, 700, 16, scale: 1);
            var test = new FlashCase(problem);
            // Integers in the first channel alone, so that every score is exact in float32 and the error is that of the softmax.
            for (int i = 0; i < problem.KeyLength; i++)
                test.K[i] = i % problem.HeadDim == 0 ? MathF.Round(largest * (i / problem.HeadDim + 1) / problem.Keys) : 0;
            for (int i = 0; i < problem.QueryLength; i++)
                test.Q[i] = i % problem.HeadDim == 0 ? 1 : 0;
            Assert.InRange(test.ErrorRatio(kernel), 0, 1);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Any_scale_is_right(string name)
    {
        Kernel kernel = Available(name);
        foreach (float scale in new[] { 0, 1, -1, -0.25f, 1e-20f })
            AssertRight(kernel, new AttentionProblem(1, 2, 2, 50, 60, 16, AttentionMask.Window(20, 3), scale));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Any_number_of_threads_gives_the_same_numbers(string name)
    {
        Kernel kernel = Available(name);
        foreach (AttentionMask mask in Masks)
            new FlashCase(new AttentionProblem(2, 4, 2, 101, 130, 24, mask)).AssertSameOnAnyThreads(kernel);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_call_allocates_nothing(string name)
    {
        Kernel kernel = Available(name);
        new FlashCase(new AttentionProblem(1, 4, 2, 60, 300, 40, AttentionMask.Causal)).AssertAllocatesNothing(kernel);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Scratch_does_not_grow_with_the_sequence(string name)
    {
        Kernel kernel = Available(name);
        for (int headDim = 1; headDim <= 256; headDim++)
        {
            long scratch = kernel.Plan(new AttentionProblem(1, 1, 1, 1, 1, headDim)).ThreadBytes;
            Assert.Equal(scratch, kernel.Plan(new AttentionProblem(1, 8, 2, 1 << 18, 1 << 18, headDim)).ThreadBytes);
            Assert.InRange(scratch, 1, 512 * 1024);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_larger_head_dimension_is_refused_with_a_reason(string name)
    {
        Kernel kernel = Available(name);
        Assert.Null(kernel.WhyNot(new AttentionProblem(1, 1, 1, 1, 1, 256)));
        Assert.Contains("256", kernel.WhyNot(new AttentionProblem(1, 1, 1, 1, 1, 257)), StringComparison.Ordinal);
    }

    private static Kernel Available(string name)
    {
        Kernel kernel = FlashKernels.All.Single(kernel => kernel.Info.Name == name);
        Assert.SkipWhen(kernel.Unavailable is not null, $"{name}: {kernel.Unavailable}");
        return kernel;
    }

    private static void AssertRight(Kernel kernel, AttentionProblem problem)
    {
        double ratio = new FlashCase(problem).ErrorRatio(kernel);
        Assert.True(ratio <= 1, $"{kernel.Info.Name} on {problem}: error is {ratio:G3} times what is allowed");
    }
}
