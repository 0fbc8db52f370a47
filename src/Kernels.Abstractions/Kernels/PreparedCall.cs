namespace Kernels.Abstractions;

/// <summary>
/// A kernel, a problem and memory, checked once and then run any number of times without allocating. The caller owns the memory and the
/// executor, and keeps both alive.
/// </summary>
public sealed unsafe class PreparedCall
{
    private readonly Kernel kernel;
    private readonly IExecutor executor;
    private readonly Call call;

    /// <summary>Checks operands and memory.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="tensors">One for each operand of the kernel's operation, in any order.</param>
    /// <param name="memory">At least <see cref="MemoryBytes"/> bytes, on a boundary of 4 bytes.</param>
    /// <param name="bytes">Bytes of <paramref name="memory"/>.</param>
    /// <param name="executor">Runs the work items.</param>
    /// <exception cref="ArgumentException">An operand is missing or unknown, has the wrong shape, element type or strides for this
    /// kernel; the memory is too short, or written memory overlaps other memory.</exception>
    /// <exception cref="NotSupportedException">The kernel refuses the problem; the message is its reason.</exception>
    public PreparedCall(Kernel kernel, Problem problem, ReadOnlySpan<Tensor> tensors, void* memory, long bytes, IExecutor executor)
    {
        this.kernel = kernel;
        this.executor = executor;
        Plan plan = kernel.Plan(problem);
        if (plan.Refusal is { } reason)
            throw new NotSupportedException($"{kernel.Info.Name}: {reason}");
        Tensor[] inOrder = OperandCheck.InOrder(kernel, problem, tensors);
        long needed = MemoryBytes(plan, executor);
        if (bytes < needed)
            throw new ArgumentException($"{kernel.Info.Name} needs {needed:N0} bytes of memory for {problem}, got {bytes:N0}.", nameof(bytes));
        OperandCheck.NothingOverlaps(inOrder, memory, bytes);
        byte* own = (byte*)memory + (plan.SharedBytes > 0 ? WholeLines(plan.SharedBytes) : 0);
        call = new Call(problem, plan, inOrder, (byte*)memory, own);
    }

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

    /// <summary>Bytes rounded up to whole cache lines, to avoid false sharing between threads.</summary>
    internal static long WholeLines(long bytes) => (bytes + 63) / 64 * 64;
}
