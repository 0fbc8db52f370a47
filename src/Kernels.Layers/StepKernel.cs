using System.Runtime.CompilerServices;
using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>A kernel whose plan is a <see cref="LayerPlan"/>: a stage is a step, which computes its items.</summary>
public abstract class StepKernel<TSet> : Kernel
    where TSet : struct, IInstructionSet
{
    /// <inheritdoc/>
    public override string? Unavailable => InstructionSet.WhyNot<TSet>();

    /// <inheritdoc/>
    protected sealed override void Compute(in Call call, int stage, int item) => Unsafe.As<LayerPlan>(call.Plan).Steps[stage].Compute(call, item);
}
