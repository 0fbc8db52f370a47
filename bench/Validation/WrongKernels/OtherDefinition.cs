using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Bench.Validation.WrongKernels;

/// <summary>Computes one definition exactly, and claims to compute another that differs in a parameter.</summary>
internal sealed class OtherDefinition(string name, string mistake, Definition claimed, Definition computed) : AttentionKernel
{
    public override KernelInfo Info => new($"wrong-{name}", mistake, claimed);

    protected override string? Refuses(AttentionProblem problem) =>
        computed switch
        {
            LinformerDefinition => LinformerDefinition.WhyNot(problem),
            FavorDefinition or RetentionDefinition => problem.Mask is FullMask or CausalMask ? null : "a state takes full and causal masks",
            _ => null,
        };

    protected override int WorkItems(AttentionProblem problem) => problem.Batch * problem.Heads;

    protected override void Compute(AttentionProblem problem, in AttentionTensors tensors, int item, Span<float> scratch)
    {
        (int batch, int head) = Math.DivRem(item, problem.Heads);
        double[] rows = new double[problem.Queries * problem.HeadDim];
        Oracle.Rows(
            computed, problem, head, [.. Enumerable.Range(0, problem.Queries)], tensors.Q(batch, head), tensors.K(batch, head),
            tensors.V(batch, head), rows);
        Span<float> output = tensors.Output(batch, head);
        for (int i = 0; i < rows.Length; i++)
            output[i] = (float)rows[i];
    }
}
