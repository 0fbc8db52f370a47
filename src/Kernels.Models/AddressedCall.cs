using System.Collections.Immutable;
using Kernels.Abstractions;
using Tensor = Kernels.Abstractions.Tensor;

namespace Kernels.Models;

/// <summary>Calls whose operands lie where a model has them, such as what stands before and behind a stack of layers.</summary>
public static unsafe class AddressedCall
{
    /// <summary>A kernel on given memory, whose operands have their usual layouts.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="problem">Its problem.</param>
    /// <param name="executor">Runs it.</param>
    /// <param name="blocks">Owns the kernel's memory.</param>
    /// <param name="addresses">Of its operands, in their order.</param>
    /// <exception cref="NotSupportedException">The kernel refuses the problem.</exception>
    public static PreparedCall Of(Kernel kernel, Problem problem, IExecutor executor, NativeBlocks blocks, params ReadOnlySpan<nint> addresses)
    {
        Plan plan = kernel.Plan(problem);
        long bytes = PreparedCall.MemoryBytes(plan, executor);
        ImmutableArray<Operand> operands = kernel.Info.Operation.Operands(problem, kernel.Info.Format);
        var tensors = new Tensor[operands.Length];
        for (int i = 0; i < tensors.Length; i++)
            tensors[i] = new Tensor((void*)addresses[i], operands[i]);
        return new PreparedCall(kernel, problem, tensors, blocks.Take(bytes), bytes, executor, plan);
    }
}
