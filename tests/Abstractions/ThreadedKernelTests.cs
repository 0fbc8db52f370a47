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

    [Fact]
    public void What_a_worker_throws_reaches_the_caller_and_the_team_lives_on()
    {
        using var team = new WorkerTeam(3);
        int ran = 0;

        var error = Assert.Throws<InvalidOperationException>(
            () => team.Run(thread => throw new InvalidOperationException($"thread {thread}")));
        team.Run(_ => Interlocked.Increment(ref ran));

        Assert.StartsWith("thread", error.Message);
        Assert.Equal(3, ran);
    }

    [Fact]
    public void A_team_that_slept_wakes_up()
    {
        using var team = new WorkerTeam(2);
        int ran = 0;
        team.Run(_ => Interlocked.Increment(ref ran));
        Thread.Sleep(50);
        team.Run(_ => Interlocked.Increment(ref ran));

        Assert.Equal(4, ran);
    }

    [Fact]
    public void A_disposed_team_says_so()
    {
        var team = new WorkerTeam(2);
        team.Dispose();
        team.Dispose();

        Assert.Throws<ObjectDisposedException>(() => team.Run(_ => { }));
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
}
