using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests;

public sealed class AllocationTests
{
    private static readonly string[] shapes =
    [
        "h4/2-q70-k90-d40-causal", "h4/2-q90-k90-d40-causal", "h4/2-q90-k90-d40-window12", "h4/2-q2-k900-d40-causal", "h4/2-q70-k90-d40",
        "b2-h2-q53-k61-d7-causal",
    ];

    public static TheoryData<string> Names => KernelNames.All;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_call_allocates_nothing(string name)
    {
        Kernel kernel = KernelNames.Available(name);
        Assert.SkipWhen(kernel.Backend is { IsEmulated: true }, $"{kernel.Backend?.Name} allocates for each launch, and is never timed");
        AttentionProblem[] taken = [.. shapes.Select(ProblemName.Parse).Where(problem => kernel.WhyNot(problem) is null)];
        Assert.NotEmpty(taken);
        foreach (AttentionProblem problem in taken)
        {
            using Inputs inputs = References.Suite.Of(kernel.Info.Operation).CreateInputs(problem, InputFamily.Normal, seed: 1);
            using IExecutor executor = Executors.For(kernel, 1);
            using var buffers = new CallBuffers(kernel, inputs, executor);
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
    }
}
