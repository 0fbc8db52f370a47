namespace Kernels.Abstractions;

/// <summary>
/// One way to compute attention. A kernel cuts a problem into independent work items; <see cref="Forward"/> checks the arguments,
/// the same for every kernel, and computes the items one after the other; <see cref="ThreadedKernel"/> computes them on several threads.
/// A kernel has no state: the same instance serves many threads and problems. Constructors touch no hardware and no driver.
/// </summary>
public abstract class AttentionKernel
{
    /// <summary>What the kernel says of itself.</summary>
    public abstract KernelInfo Info { get; }

    /// <summary>Why this machine or build cannot run the kernel at all, as a sentence for the report; null when it can.</summary>
    public virtual string? Unavailable => null;

    /// <summary>
    /// What computes in place of the calling threads, such as an OpenCL device; null for a kernel that runs on the threads that call it.
    /// The ceilings of the processor say nothing of a device, however many threads call it.
    /// </summary>
    public virtual string? Device => null;

    /// <summary>Why the kernel cannot compute <paramref name="problem"/> on this machine; null when it can.</summary>
    public string? WhyNot(AttentionProblem problem) =>
        Unavailable ?? RefusesPattern(problem) ?? Refuses(problem) ?? NeedsTooMuchScratch(problem);

    /// <summary>
    /// Floats of scratch that <see cref="Forward"/> needs for <paramref name="problem"/>. The caller owns it; its contents are
    /// arbitrary before the call and meaningless after. More than 2³¹−1 means that the problem is too large for this kernel.
    /// </summary>
    public virtual long ScratchLength(AttentionProblem problem) => 0;

    /// <summary>
    /// How many of the <see cref="ScratchLength"/> floats are <see cref="AttentionTensors.Shared"/>: the same memory for all work items of
    /// a call, where they leave partial results for <see cref="Combine"/>. The rest is memory of the thread that computes an item.
    /// </summary>
    protected internal virtual long SharedLength(AttentionProblem problem) => 0;

    /// <summary>
    /// Floating-point operations of the matrix products that the kernel executes for <paramref name="problem"/>, where its form needs others
    /// than <see cref="Definition.ExactFlops"/> counts; null for a kernel that does not state them. It says how busy the arithmetic units are;
    /// how fast a kernel is, its time and the exact operations say.
    /// </summary>
    public virtual double? ExecutedFlops(AttentionProblem problem) => null;

    /// <summary>
    /// Computes the output of <paramref name="problem"/>. Allocates nothing. A row that sees no key becomes zeros. Inputs should be
    /// finite; where they are not, each number of the output is either what the formula gives or NaN, never a wrong finite number.
    /// </summary>
    /// <param name="problem">Shapes, mask and scale.</param>
    /// <param name="q">[batch, heads, queries, headDim].</param>
    /// <param name="k">[batch, kvHeads, keys, headDim].</param>
    /// <param name="v">[batch, kvHeads, keys, headDim].</param>
    /// <param name="output">[batch, heads, queries, headDim]; every element is written.</param>
    /// <param name="scratch">At least <see cref="ScratchLength"/> floats.</param>
    /// <exception cref="ArgumentException">A span has the wrong length, or memory that is written overlaps other memory.</exception>
    /// <exception cref="NotSupportedException">The kernel refuses the problem; the message is <see cref="WhyNot"/>.</exception>
    public void Forward(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<float> output, Span<float> scratch)
    {
        RequireArguments(problem, q, k, v, output);
        if (scratch.Overlaps(q) || scratch.Overlaps(k) || scratch.Overlaps(v) || scratch.Overlaps(output))
            throw new ArgumentException("The scratch overlaps an input or the output.", nameof(scratch));
        long needed = ScratchLength(problem);
        if (scratch.Length < needed)
            throw new ArgumentException($"{Info.Name} needs {needed:N0} floats of scratch for {problem}, got {scratch.Length:N0}.", nameof(scratch));
        int shared = (int)SharedLength(problem);
        Run(problem, new AttentionTensors(problem, q, k, v, output, scratch[..shared]), scratch[shared..]);
    }

    /// <summary>Number of independent pieces of work, each of which writes its own part of the output or of the shared scratch.</summary>
    protected internal abstract int WorkItems(AttentionProblem problem);

    /// <summary>Computes one work item.</summary>
    /// <param name="problem">Shapes, mask and scale.</param>
    /// <param name="tensors">Inputs, output and shared scratch of the call.</param>
    /// <param name="item">0 … <see cref="WorkItems"/> − 1.</param>
    /// <param name="scratch">Memory of the calling thread: the floats of <see cref="ScratchLength"/> that are not shared.</param>
    protected internal abstract void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch);

    /// <summary>Number of independent pieces of work that begin when all work items are done; none unless items leave partial results.</summary>
    protected internal virtual int CombineItems(AttentionProblem problem) => 0;

    /// <summary>Writes a part of the output from what the work items left in <see cref="AttentionTensors.Shared"/>.</summary>
    /// <param name="problem">Shapes, mask and scale.</param>
    /// <param name="tensors">Inputs, output and shared scratch of the call.</param>
    /// <param name="item">0 … <see cref="CombineItems"/> − 1.</param>
    protected internal virtual void Combine(AttentionProblem problem, in AttentionTensors tensors, int item) =>
        throw new NotSupportedException($"{Info.Name} has nothing to combine.");

    /// <summary>Why the kernel cannot compute <paramref name="problem"/> although the machine is right; null when it can.</summary>
    protected internal virtual string? Refuses(AttentionProblem problem) => null;

    /// <summary>
    /// Whether the kernel takes masks that are not <see cref="AttentionMask.IsContiguous"/>, by <see cref="AttentionMask.Count"/> or
    /// <see cref="AttentionMask.Part"/>. One that reads nothing but <see cref="AttentionMask.VisibleKeys"/> would see too much.
    /// </summary>
    protected internal virtual bool TakesPatterns => false;

    /// <summary>
    /// Number of stages: the work items of one begin when all those of the stage before are done. One, unless items add to what others wrote.
    /// </summary>
    protected internal virtual int Stages(AttentionProblem problem) => 1;

    /// <summary>The first work item of a stage; that of the stage after the last is <see cref="WorkItems"/>.</summary>
    protected internal virtual int FirstItem(AttentionProblem problem, int stage) => stage == 0 ? 0 : WorkItems(problem);

    private protected virtual void Run(AttentionProblem problem, in AttentionTensors tensors, Span<float> scratch)
    {
        int items = WorkItems(problem);
        for (int item = 0; item < items; item++)
            Compute(problem, tensors, item, scratch);
        int combineItems = CombineItems(problem);
        for (int item = 0; item < combineItems; item++)
            Combine(problem, tensors, item);
    }

    private protected void RequireArguments(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<float> output)
    {
        RequireLength(q.Length, problem.QueryLength, nameof(q), problem);
        RequireLength(k.Length, problem.KeyLength, nameof(k), problem);
        RequireLength(v.Length, problem.KeyLength, nameof(v), problem);
        RequireLength(output.Length, problem.QueryLength, nameof(output), problem);
        if (output.Overlaps(q) || output.Overlaps(k) || output.Overlaps(v))
            throw new ArgumentException("The output overlaps an input.", nameof(output));
        if (WhyNot(problem) is { } reason)
            throw new NotSupportedException($"{Info.Name}: {reason}");
    }

    private string? RefusesPattern(AttentionProblem problem) =>
        problem.Mask.IsContiguous || TakesPatterns ? null : $"sees one range of keys a query, and {problem.Mask} shows several";

    private string? NeedsTooMuchScratch(AttentionProblem problem) =>
        ScratchLength(problem) is > int.MaxValue and var needed
            ? $"needs {needed:N0} floats of scratch, more than the {int.MaxValue:N0} that a span holds"
            : null;

    private static void RequireLength(int actual, int expected, string tensor, AttentionProblem problem)
    {
        if (actual != expected)
            throw new ArgumentException($"{tensor} must hold {expected:N0} floats for {problem}, but holds {actual:N0}.", tensor);
    }
}
