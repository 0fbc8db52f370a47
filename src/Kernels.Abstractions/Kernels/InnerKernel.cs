using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// A kernel within another one, which plans it together with its own work and computes its stages among its own. The inner operands may lie in
/// the outer kernel's memory. A plan holds it; computing an item allocates nothing.
/// </summary>
public sealed unsafe class InnerKernel
{
    // Of the thread, because a tensor refers to its operand and lies in no unmanaged memory.
    [ThreadStatic]
    private static Tensor[]? tensors;

    private readonly Kernel kernel;
    private readonly Problem problem;

    /// <summary>Plans the kernel.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="problem">Its problem.</param>
    /// <param name="layouts">Where the rows of each operand lie; the usual place for those that are missing.</param>
    public InnerKernel(Kernel kernel, Problem problem, params ReadOnlySpan<Layout> layouts)
    {
        (this.kernel, this.problem) = (kernel, problem);
        Plan = kernel.Backend is null ? kernel.Plan(problem) : Plan.Refuse($"{kernel.Info.Name} runs whole calls elsewhere, not work items");
        ImmutableArray<Operand> operands = kernel.Info.Operation.Operands(problem, kernel.Info.Format);
        for (int i = 0; i < layouts.Length; i++)
        {
            if (layouts[i] != operands[i].Layout && !kernel.TakesStrides(operands[i]))
                Plan = Plan.Refuse($"{kernel.Info.Name} reads rows that follow each other, and {operands[i].Name} would be {layouts[i]}");
            operands = operands.SetItem(i, operands[i] with { Layout = layouts[i] });
        }
        Operands = operands;
    }

    /// <summary>Stages and memory, or why the kernel refuses.</summary>
    public Plan Plan { get; }

    /// <summary>The operands as planned.</summary>
    public ImmutableArray<Operand> Operands { get; }

    /// <summary>Computes one work item.</summary>
    /// <param name="given">The operands in their order; strides may differ from those planned where the kernel takes them.</param>
    /// <param name="shared">Memory of all items, as planned.</param>
    /// <param name="own">Memory of this thread, as planned.</param>
    /// <param name="stage">The stage of the inner kernel.</param>
    /// <param name="item">The item of that stage.</param>
    public void Compute(ReadOnlySpan<Tensor> given, byte* shared, byte* own, int stage, int item)
    {
        // Not longer: kernels may count their operands.
        Tensor[] ready = tensors is { } kept && kept.Length == given.Length ? kept : tensors = new Tensor[given.Length];
        given.CopyTo(ready);
        kernel.Compute(new Call(problem, Plan, ready, shared, own), stage, item);
    }
}
