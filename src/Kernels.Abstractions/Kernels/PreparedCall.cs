using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// A kernel, a problem and memory, checked once and then run any number of times without allocating. The caller owns the memory and the
/// executor, and keeps both alive.
/// </summary>
public sealed unsafe class PreparedCall
{
    private readonly Kernel kernel;
    private readonly IExecutor executor;
    private readonly ImmutableArray<Operand> operands;
    private readonly long bytes;
    private readonly Call call;

    /// <summary>Checks operands and memory.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="tensors">One for each operand of the kernel's operation, in any order.</param>
    /// <param name="memory">At least <see cref="MemoryBytes"/> bytes, on a boundary of 4 bytes.</param>
    /// <param name="bytes">Bytes of <paramref name="memory"/>.</param>
    /// <param name="executor">Runs the work items.</param>
    /// <param name="plan">The kernel's plan of the problem, where the caller has it.</param>
    /// <exception cref="ArgumentException">An operand is missing or unknown, has the wrong shape, element type or strides for this
    /// kernel; the memory is too short, or written memory overlaps other memory.</exception>
    /// <exception cref="NotSupportedException">The kernel refuses the problem; the message is its reason.</exception>
    public PreparedCall(Kernel kernel, Problem problem, ReadOnlySpan<Tensor> tensors, void* memory, long bytes, IExecutor executor, Plan? plan = null)
    {
        (this.kernel, this.executor, this.bytes) = (kernel, executor, bytes);
        plan ??= kernel.Plan(problem);
        if (plan.Refusal is { } reason)
            throw new NotSupportedException($"{kernel.Info.Name}: {reason}");
        operands = kernel.Info.Operation.Operands(problem, kernel.Info.Format);
        long needed = MemoryBytes(plan, executor);
        if (bytes < needed)
            throw new ArgumentException($"{kernel.Info.Name} needs {needed:N0} bytes of memory for {problem}, got {bytes:N0}.", nameof(bytes));
        byte* own = (byte*)memory + (plan.SharedBytes > 0 ? WholeLines(plan.SharedBytes) : 0);
        call = new Call(problem, plan, Checked(tensors, (byte*)memory), (byte*)memory, own);
    }

    private PreparedCall(PreparedCall other, ReadOnlySpan<Tensor> tensors)
    {
        (kernel, executor, operands, bytes) = (other.kernel, other.executor, other.operands, other.bytes);
        call = new Call(other.call.Problem, other.call.Plan, Checked(tensors, other.call.Shared), other.call.Shared, other.call.Own);
    }

    /// <summary>The same problem, plan and memory on other operands, such as those of the next layer of a model; they are checked likewise.</summary>
    /// <param name="tensors">As for the constructor.</param>
    /// <exception cref="ArgumentException">As for the constructor.</exception>
    public PreparedCall On(ReadOnlySpan<Tensor> tensors) => new(this, tensors);

    /// <summary>Computes the outputs. Allocates nothing.</summary>
    public void Run() => executor.Run(kernel, call);

    /// <summary>
    /// Nanoseconds of each of several consecutive calls, by the clock of the kernel's <see cref="Backend"/>, without the copies of the
    /// operands; the outputs are those of the last call.
    /// </summary>
    /// <exception cref="InvalidOperationException">The kernel has no backend.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public double[] Nanoseconds(int calls, CancellationToken stop = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(calls, 1);
        return kernel.Backend is { } backend
            ? backend.Nanoseconds(kernel, call, calls, executor.Threads, stop)
            : throw new InvalidOperationException($"{kernel.Info.Name} runs on threads of this process, which have no clock of their own.");
    }

    /// <summary>Bytes that a call needs besides its operands: the shared memory, and the memory of each thread of the executor.</summary>
    public static long MemoryBytes(Plan plan, IExecutor executor) =>
        (plan.SharedBytes > 0 ? WholeLines(plan.SharedBytes) : 0)
        + (executor.Threads > 1 ? executor.Threads * WholeLines(plan.ThreadBytes) : plan.ThreadBytes);

    private Tensor[] Checked(ReadOnlySpan<Tensor> tensors, byte* memory)
    {
        Tensor[] inOrder = OperandCheck.InOrder(kernel, operands, tensors);
        OperandCheck.NothingOverlaps(inOrder, memory, bytes);
        return inOrder;
    }

    /// <summary>Bytes rounded up to whole cache lines, to avoid false sharing between threads.</summary>
    internal static long WholeLines(long bytes) => (bytes + 63) / 64 * 64;
}
