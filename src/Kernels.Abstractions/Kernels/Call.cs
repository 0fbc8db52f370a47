namespace Kernels.Abstractions;

/// <summary>Operands and memory of one call, as a work item sees them. It can cross threads; all memory is pinned or native.</summary>
public readonly unsafe struct Call
{
    private readonly Tensor[] tensors;

    internal Call(Problem problem, Plan plan, Tensor[] tensors, byte* shared, byte* own)
    {
        Problem = problem;
        Plan = plan;
        this.tensors = tensors;
        Shared = shared;
        Own = own;
    }

    /// <summary>The problem.</summary>
    public Problem Problem { get; }

    /// <summary>The kernel's plan for it.</summary>
    public Plan Plan { get; }

    /// <summary>Memory of all work items of the call, <see cref="Plan.SharedBytes"/>, on a boundary of 4 bytes.</summary>
    public byte* Shared { get; }

    /// <summary>Memory of the thread that computes the item, <see cref="Plan.ThreadBytes"/>, on a boundary of 4 bytes.</summary>
    public byte* Own { get; }

    /// <summary>The operand at this place in <see cref="Operation.Operands"/>.</summary>
    public ref readonly Tensor this[int operand] => ref tensors[operand];

    /// <summary>The operands in the order of <see cref="Operation.Operands"/>.</summary>
    public ReadOnlySpan<Tensor> Tensors => tensors;

    /// <summary>Identifies the operands' memory: equal for all calls of one <see cref="PreparedCall"/>.</summary>
    public object Memory => tensors;

    /// <summary>The same call as another thread sees it.</summary>
    internal Call On(byte* own) => new(Problem, Plan, tensors, Shared, own);
}
