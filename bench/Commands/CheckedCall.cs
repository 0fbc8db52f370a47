using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Bench.Commands;

/// <summary>A kernel on a number of threads, called once, and compared with gold.</summary>
internal sealed class CheckedCall(Kernel kernel, int threads) : IDisposable
{
    private readonly IExecutor executor = Executors.For(kernel, threads);

    /// <summary>The kernel.</summary>
    public Kernel Kernel => kernel;

    /// <summary>Threads that it runs on.</summary>
    public int Threads => threads;

    /// <summary>Checks that the kernel takes the problem and that memory suffices, before the inputs are read.</summary>
    /// <exception cref="UserError">It does not.</exception>
    public void Require(Problem problem)
    {
        Plan plan = kernel.Plan(problem);
        if (plan.Refusal is { } reason)
            throw new UserError($"{kernel.Info.Name} cannot compute {problem} on {threads} threads: {reason}");
        // Each input is there twice for a moment: as it was read, and in the memory that the kernel sees.
        long bytes = kernel.Info.Operation.Operands(problem, kernel.Info.Format).Sum(each => 2 * sizeof(float) * each.Layout.Count);
        MemoryLimit.Require(bytes + PreparedCall.MemoryBytes(plan, executor), $"{kernel.Info.Name} on {problem}: tensors and scratch");
    }

    /// <summary>Calls the kernel once on inputs in its format and judges the result.</summary>
    /// <returns>The verdict, and what was written by place among the operands.</returns>
    public (Verdict Verdict, float[]?[] Outputs) Run(Inputs inputs)
    {
        OperationReference reference = Catalog.References.Of(kernel.Info.Operation);
        Expectation expectation = Expectation.Compute(reference, inputs, rows: null, kernel.Info.Products);
        using var buffers = new CallBuffers(kernel, inputs, executor);
        // What the kernel does not write stays NaN, which no finite input gives.
        buffers.PoisonOutputs();
        try
        {
            buffers.Call.Run();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return (Gate.Reject(FailureKind.Threw, $"threw {exception.GetType().Name}: {exception.Message}", expectation, kernel), []);
        }
        float[]?[] outputs = buffers.ReadOutputs();
        return (Gate.Compare(kernel, expectation, outputs), outputs);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => executor.Dispose();
}
