using Kernels.Abstractions;
using Kernels.Flash;
using Kernels.Primitives;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Flash;

public sealed class FlashDecodeTests
{
    private const int MostBytesOfScratch = 2 << 20;

    private static readonly AttentionMask[] Masks =
        [AttentionMask.Full, AttentionMask.Causal, AttentionMask.CausalTopLeft, AttentionMask.Window(150, 3), AttentionMask.Window(0, 0)];

    public static TheoryData<string> Kernels => FlashNames.Decode;

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_head_dimension_is_right(string name)
    {
        Kernel kernel = Available(name);
        for (int headDim = 1; headDim <= 256; headDim = headDim < 34 ? headDim + 1 : headDim + 13)
            AssertRight(kernel, new AttentionProblem(1, 7, 1, 1, 139, headDim));
        foreach (int headDim in new[] { 40, 64, 72, 80, 96, 128, 256 })
            AssertRight(kernel, new AttentionProblem(1, 2, 2, 3, 61, headDim, AttentionMask.Causal));
    }

    // 4 and 8 keys are tiles, 128 a block and the shortest split.
    [Theory]
    [MemberData(nameof(Kernels))]
    public void Lengths_around_tiles_blocks_and_splits_are_right_under_every_mask(string name)
    {
        Kernel kernel = Available(name);
        foreach (int keys in new[] { 1, 2, 3, 4, 5, 7, 8, 9, 12, 13, 127, 128, 129, 131, 255, 256, 257, 384, 1023, 1024, 1025, 4097 })
        {
            foreach (AttentionMask mask in Masks)
            {
                AssertRight(kernel, new AttentionProblem(1, 2, 2, 1, keys, 16, mask));
                AssertRight(kernel, new AttentionProblem(1, 1, 1, 5, keys, 16, mask));
            }
        }
    }

    // Keys and values that the last cache cannot hold are taken in shorter blocks.
    [Theory]
    [MemberData(nameof(Kernels))]
    public void Keys_from_memory_are_right(string name)
    {
        const int headDim = 128;
        Kernel kernel = Available(name);
        int keyBytes = 2 * headDim * kernel.Info.Format.Input.Size();
        Assert.SkipWhen(CacheSize.ThirdLevel > 128 << 20, "The last cache is so large that the inputs would be too.");
        AssertRight(kernel, new AttentionProblem(1, 2, 1, 2, (int)(CacheSize.ThirdLevel / keyBytes) + 77, headDim, AttentionMask.Causal));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Every_number_of_rows_is_right(string name)
    {
        Kernel kernel = Available(name);
        for (int rows = 1; rows <= 16; rows++)
        {
            AssertRight(kernel, new AttentionProblem(2, 2 * rows, 2, 1, 300, 24));
            AssertRight(kernel, new AttentionProblem(1, 2, 2, rows, 300, 24, AttentionMask.Causal));
        }
        AssertRight(kernel, new AttentionProblem(1, 6, 2, 5, 300, 24, AttentionMask.Window(140, 0)));
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
            AssertRight(kernel, new AttentionProblem(1, 2, 2, 4, 260, 20, AttentionMask.Window(200, 3), scale));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_value_that_is_not_finite_shows_in_its_channel_and_in_no_other(string name)
    {
        Kernel kernel = Available(name);
        var problem = new AttentionProblem(1, 4, 1, 1, 300, 24);
        foreach (float value in new[] { float.NaN, float.PositiveInfinity })
        {
            var test = new FlashCase(problem);
            float[] clean = test.Run(kernel);
            const int channel = 19;
            test.V[260 * problem.HeadDim + channel] = value;
            float[] output = test.Run(kernel);
            for (int i = 0; i < output.Length; i++)
                Assert.Equal(i % problem.HeadDim == channel ? value : clean[i], output[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Any_number_of_threads_gives_the_same_numbers(string name)
    {
        Kernel kernel = Available(name);
        foreach (AttentionMask mask in Masks)
        {
            var problem = new AttentionProblem(2, 4, 2, 2, 1300, 24, mask);
            var test = new FlashCase(problem);
            float[] expected = test.Run(kernel);
            foreach (int threads in new[] { 1, 2, 3 })
            {
                using IExecutor team = Executors.For(kernel, threads);
                for (int call = 0; call < 10; call++)
                    Assert.Equal(expected, test.Run(kernel, team));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_call_on_two_threads_allocates_nothing(string name)
    {
        Kernel kernel = Available(name);
        var problem = new AttentionProblem(1, 4, 2, 1, 900, 40, AttentionMask.Causal);
        using var inputs = new Inputs(problem, kernel.Info.Operation.Operands(problem, Format.Float32));
        using IExecutor team = Executors.For(kernel, 2);
        using var buffers = new CallBuffers(kernel, inputs, team);
        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            buffers.Call.Run();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated();
        // A kernel that allocates does so in every call; one call alone may wait for a lock that another test holds, and that allocates.
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => Allocated()));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Scratch_is_small_and_does_not_grow_with_the_keys(string name)
    {
        Kernel kernel = Available(name);
        foreach (int keys in new[] { 1, 1000, 1 << 15, 1 << 19 })
            foreach (int kvHeads in new[] { 1, 2, 8 })
                foreach (int headDim in new[] { 1, 64, 128, 256 })
                    Assert.InRange(
                        Bytes(kernel, new AttentionProblem(1, 16 * kvHeads, kvHeads, 1, keys, headDim)), 1, MostBytesOfScratch);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void More_rows_or_channels_are_refused_with_a_reason(string name)
    {
        Kernel kernel = Available(name);
        Assert.Null(kernel.WhyNot(new AttentionProblem(1, 8, 1, 2, 1, 256)));
        Assert.Contains("256", kernel.WhyNot(new AttentionProblem(1, 1, 1, 1, 1, 257)), StringComparison.Ordinal);
        Assert.Contains("16", kernel.WhyNot(new AttentionProblem(1, 17, 1, 1, 1, 64)), StringComparison.Ordinal);
        Assert.Contains("16", kernel.WhyNot(new AttentionProblem(1, 1, 1, 17, 1, 64)), StringComparison.Ordinal);
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

    private static long Bytes(Kernel kernel, AttentionProblem problem) => PreparedCall.MemoryBytes(kernel.Plan(problem), SerialExecutor.Instance);
}
