namespace Kernels.Abstractions;

/// <summary>
/// One way to compute an operation. A kernel plans a problem as stages of independent work items; an <see cref="IExecutor"/> computes the
/// items. A kernel has no state: the same instance serves many threads and problems. Constructors touch no hardware and no driver.
/// </summary>
public abstract class Kernel
{
    /// <summary>Name, idea, operation and formats.</summary>
    public abstract KernelInfo Info { get; }

    /// <summary>Why this machine or build cannot run the kernel at all, as a sentence for the report; null when it can.</summary>
    public virtual string? Unavailable => null;

    /// <summary>Runs whole calls in place of threads of this process: a device, or another program. Null for most kernels.</summary>
    public virtual Backend? Backend => null;

    /// <summary>Whether the strides of an operand may differ from those of <see cref="Operation.Operands"/>.</summary>
    public virtual bool TakesStrides(Operand operand) => false;

    /// <summary>Work items and memory of a problem, known before anything is allocated, or why the kernel refuses the problem.</summary>
    public Plan Plan(Problem problem)
    {
        if ((Unavailable ?? Info.Operation.WhyNot(problem)) is { } reason)
            return Refuse(reason);
        return PlanFor(problem);
    }

    /// <summary>Why the kernel cannot compute <paramref name="problem"/> on this machine; null when it can.</summary>
    public string? WhyNot(Problem problem) => Plan(problem).Refusal;

    /// <summary>
    /// Computes one work item. Allocates nothing. Where inputs are not finite, each number of the output is what the formula gives or NaN,
    /// never a wrong finite number.
    /// </summary>
    /// <param name="call">Operands and memory of the call.</param>
    /// <param name="stage">Items of a stage begin when all items of the stage before are done.</param>
    /// <param name="item">0 … items of the stage − 1. Each writes its own part of the outputs or of the shared memory.</param>
    protected internal abstract void Compute(in Call call, int stage, int item);

    /// <summary>Plan of a problem that the kernel refuses, with the reason as a sentence for the report.</summary>
    protected static Plan Refuse(string reason) => Abstractions.Plan.Refuse(reason);

    /// <summary>Plans a problem that the operation accepts, on a machine that can run the kernel.</summary>
    protected abstract Plan PlanFor(Problem problem);
}
