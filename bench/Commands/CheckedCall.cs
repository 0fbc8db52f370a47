using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Bench.Commands;

/// <summary>A kernel on a number of threads, called once and compared with gold.</summary>
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
        // Each input is in memory twice: as read, and in the kernel's buffers.
        long bytes = kernel.Info.Operation.Operands(problem, kernel.Info.Format).Sum(each => 2 * sizeof(float) * each.Layout.Count);
        MemoryLimit.Require(bytes + PreparedCall.MemoryBytes(plan, executor), $"{kernel.Info.Name} on {problem}: tensors and scratch");
    }

    /// <summary>Calls the kernel once on inputs in its format and judges the result.</summary>
    /// <returns>The verdict, and the outputs by place among the operands.</returns>
    public (Verdict Verdict, float[]?[] Outputs) Run(Inputs inputs)
    {
        OperationReference reference = Catalog.References.Of(kernel.Info.Operation);
        Expectation expectation = Expectation.Compute(reference, inputs, rows: null, kernel.Info.Products);
        using var buffers = new CallBuffers(kernel, inputs, executor);
        // Elements that the kernel does not write stay NaN, and finite inputs give no NaN.
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
