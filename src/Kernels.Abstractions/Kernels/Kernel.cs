namespace Kernels.Abstractions;

/// <summary>
/// One way to compute an operation. A kernel plans a problem as stages of independent work items; an <see cref="IExecutor"/> computes the items.
/// A kernel has no state: the same instance serves many threads and problems. Constructors touch no hardware and no driver.
/// </summary>
public abstract class Kernel
{
    /// <summary>What the kernel says of itself.</summary>
    public abstract KernelInfo Info { get; }

    /// <summary>Why this machine or build cannot run the kernel at all, as a sentence for the report; null when it can.</summary>
    public virtual string? Unavailable => null;

    /// <summary>What runs whole calls of this kernel in place of threads of this process: a device, or another program. Null for most.</summary>
    public virtual Backend? Backend => null;

    /// <summary>Whether operands may lie in rows that do not follow each other as <see cref="Operation.Operands"/> says.</summary>
    public virtual bool TakesStrides => false;

    /// <summary>Everything that must be known before memory is taken, or why the kernel does not take the problem.</summary>
    public Plan Plan(Problem problem)
    {
        if ((Unavailable ?? Info.Operation.WhyNot(problem)) is { } reason)
            return Refuse(reason);
        return PlanFor(problem);
    }

    /// <summary>Why the kernel cannot compute <paramref name="problem"/> on this machine; null when it can.</summary>
    public string? WhyNot(Problem problem) => Plan(problem).Refusal;

    /// <summary>
    /// Computes one work item. Allocates nothing. Inputs should be finite; where they are not, each number of the output is either what the
    /// formula gives or NaN, never a wrong finite number.
    /// </summary>
    /// <param name="call">Operands and memory of the call.</param>
    /// <param name="stage">Items of a stage begin when those of the stage before are done.</param>
    /// <param name="item">0 … items of the stage − 1. Each writes its own part of the outputs or of the shared memory.</param>
    protected internal abstract void Compute(in Call call, int stage, int item);

    /// <summary>The plan of a problem that the kernel does not compute, with the reason as a sentence for the report.</summary>
    protected static Plan Refuse(string reason) => Abstractions.Plan.Refuse(reason);

    /// <summary>Plans a problem that has a meaning for the operation, on a machine that can run the kernel.</summary>
    protected abstract Plan PlanFor(Problem problem);
}
