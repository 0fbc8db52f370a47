using Kernels.Abstractions;
using Kernels.Naive;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Abstractions;

public class ExecutorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Any_number_of_threads_gives_the_same_bits_as_one(int threads)
    {
        var problem = new AttentionProblem(2, 3, 3, 9, 11, 5, AttentionMask.Causal);
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        float[] expected = Run(new ThreePass(), inputs, SerialExecutor.Instance);
        using var team = new Team(threads);

        for (int call = 0; call < 20; call++)
            Assert.Equal(expected, Run(new ThreePass(), inputs, team));
    }

    [Fact]
    public void A_call_on_a_team_allocates_nothing()
    {
        using Inputs inputs = AttentionInputs.Create(new AttentionProblem(1, 4, 4, 8, 8, 8), InputFamily.Normal, seed: 1);
        using var team = new Team(2);
        using var buffers = new CallBuffers(new ScalarOnlineSoftmax(), inputs, team);
        buffers.Call.Run();

        long before = GC.GetAllocatedBytesForCurrentThread();
        buffers.Call.Run();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_stage_begins_when_all_items_have_left_their_part_in_the_shared_memory(int threads)
    {
        using Inputs inputs = AttentionInputs.Create(new AttentionProblem(1, 3, 3, 1, 1, 1), InputFamily.Normal, seed: 1);
        using var team = new Team(threads);

        for (int call = 0; call < 100; call++)
            Assert.All(Run(new CountsItems(), inputs, team), sum => Assert.Equal(CountsItems.Items * (CountsItems.Items - 1) / 2, sum));
    }

    [Fact]
    public void A_team_needs_a_thread() => Assert.Throws<ArgumentOutOfRangeException>(() => Executors.For(new ThreePass(), 0));

    private static float[] Run(Kernel kernel, Inputs inputs, IExecutor executor)
    {
        using var buffers = new CallBuffers(kernel, inputs, executor);
        buffers.PoisonOutputs();
        buffers.Memory.Fill((uint)Poison.NaN);
        buffers.Call.Run();
        return buffers.Read(AttentionOperation.O);
    }

    /// <summary>Every item leaves its number; every output is the sum of all numbers.</summary>
    private sealed unsafe class CountsItems : AttentionKernel
    {
        public const int Items = 50;

        private const int OwnLength = 3;

        public override KernelInfo Info { get; } = new("test-counts-items", "the sum of the items' numbers", Operations.Softmax);

        protected override Plan PlanFor(AttentionProblem problem) =>
            new(Items, problem.Heads) { ThreadBytes = sizeof(float) * OwnLength, SharedBytes = sizeof(float) * Items };

        protected override void Compute(in AttentionCall call, int stage, int item)
        {
            float* shared = (float*)call.Shared;
            if (stage == 0)
            {
                Assert.Equal(OwnLength, call.OwnFloats.Length);
                call.OwnFloats.Fill(item);
                shared[item] = call.OwnFloats[^1];
                return;
            }
            float sum = 0;
            for (int i = 0; i < Items; i++)
                sum += shared[i];
            call.O.All<float>()[item] = sum;
        }
    }
}
