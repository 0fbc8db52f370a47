using Kernels.Abstractions;
using Kernels.Naive;
using Xunit;

namespace Kernels.Tests.Abstractions;

public class ThreadedKernelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Any_number_of_threads_gives_the_same_bits_as_one_call(int threads)
    {
        var problem = new AttentionProblem(2, 3, 3, 9, 11, 5, AttentionMask.Causal);
        (float[] q, float[] k, float[] v) = Inputs(problem);
        float[] expected = Run(new ThreePass(), problem, q, k, v);
        using var threaded = new ThreadedKernel(new ThreePass(), threads);

        for (int call = 0; call < 20; call++)
            Assert.Equal(expected, Run(threaded, problem, q, k, v));
    }

    [Fact]
    public void A_call_allocates_nothing()
    {
        var problem = new AttentionProblem(1, 4, 4, 8, 8, 8);
        (float[] q, float[] k, float[] v) = Inputs(problem);
        using var threaded = new ThreadedKernel(new ScalarOnlineSoftmax(), 2);
        float[] output = new float[problem.QueryLength], scratch = new float[threaded.ScratchLength(problem)];
        threaded.Forward(problem, q, k, v, output, scratch);

        long before = GC.GetAllocatedBytesForCurrentThread();
        threaded.Forward(problem, q, k, v, output, scratch);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Combining_begins_when_all_items_have_left_their_part_in_the_shared_scratch(int threads)
    {
        var problem = new AttentionProblem(1, 3, 3, 1, 1, 1);
        var kernel = new CountsItems();
        using var threaded = new ThreadedKernel(kernel, threads);
        float[] one = [1, 1, 1];

        for (int call = 0; call < 100; call++)
            Assert.All(Run(threaded, problem, one, one, one), sum => Assert.Equal(CountsItems.Items * (CountsItems.Items - 1) / 2, sum));
        Assert.Equal(Run(kernel, problem, one, one, one), Run(threaded, problem, one, one, one));
    }

    [Fact]
    public void A_kernel_without_partial_results_cannot_be_asked_to_combine()
    {
        var problem = new AttentionProblem(1, 1, 1, 1, 1, 1);
        Assert.Throws<NotSupportedException>(() => new LeavesNothing().CombineAlone(problem));
    }

    private static (float[] Q, float[] K, float[] V) Inputs(AttentionProblem problem)
    {
        var random = new Random(1);
        return (Fill(problem.QueryLength), Fill(problem.KeyLength), Fill(problem.KeyLength));

        float[] Fill(int length) => [.. Enumerable.Range(0, length).Select(_ => (float)(random.NextDouble() * 2 - 1))];
    }

    private static float[] Run(AttentionKernel kernel, AttentionProblem problem, float[] q, float[] k, float[] v)
    {
        float[] output = new float[problem.QueryLength], scratch = new float[kernel.ScratchLength(problem)];
        Array.Fill(output, float.NaN);
        Array.Fill(scratch, float.NaN);
        kernel.Forward(problem, q, k, v, output, scratch);
        return output;
    }

    /// <summary>Every item leaves its number; every output is the sum of all numbers.</summary>
    private sealed class CountsItems : AttentionKernel
    {
        public const int Items = 50;

        private const int OwnLength = 3;

        public override KernelInfo Info { get; } = new("test-counts-items", "the sum of the items' numbers", Definition.Softmax);

        public override long ScratchLength(AttentionProblem problem) => SharedLength(problem) + OwnLength;

        protected override long SharedLength(AttentionProblem problem) => Items;

        protected override int WorkItems(AttentionProblem problem) => Items;

        protected override int CombineItems(AttentionProblem problem) => problem.Heads;

        protected override void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
        {
            Assert.Equal((Items, OwnLength), (tensors.Shared.Length, scratch.Length));
            scratch.Fill(item);
            tensors.Shared[item] = scratch[^1];
        }

        protected override void Combine(AttentionProblem problem, in AttentionTensors tensors, int item)
        {
            float sum = 0;
            foreach (float number in tensors.Shared)
                sum += number;
            tensors.AllOutput[item] = sum;
        }
    }

    private sealed class LeavesNothing : HeadKernel
    {
        public override KernelInfo Info { get; } = new("test-leaves-nothing", "has one step", Definition.Softmax);

        public void CombineAlone(AttentionProblem problem) => Combine(problem, default, 0);

        protected override void ComputeHead(
            AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output,
            Span<float> scratch) => output.Clear();
    }
}
