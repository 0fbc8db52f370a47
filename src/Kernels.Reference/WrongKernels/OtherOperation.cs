using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>Computes one operation exactly, and declares another with a different parameter.</summary>
internal sealed class OtherOperation(string name, string mistake, Operation claimed, OperationReference computed) : AttentionKernel
{
    public override KernelInfo Info => new($"wrong-{name}", mistake, claimed);

    protected override Takes Takes => Takes.ValueDim;

    protected override Plan PlanFor(AttentionProblem problem) => computed.Operation.WhyNot(problem) is { } reason ? Refuse(reason)
        : computed is HeadReference && problem.Mask is not (FullMask or CausalMask) ? Refuse("a state takes full and causal masks")
        : new Plan(1);

    protected override void Compute(in AttentionCall call, int stage, int item)
    {
        AttentionProblem problem = call.Problem;
        using Inputs inputs = AttentionInputs.From(problem, call.Q.All<float>(), call.K.All<float>(), call.V.All<float>());
        int[] tokens = [.. Enumerable.Range(0, problem.Queries)];
        double[] rows = new double[problem.Queries * problem.ValueDim];
        Span<float> output = call.O.All<float>();
        for (int head = 0; head < problem.Batch * problem.Heads; head++)
        {
            computed.Gold(inputs, new(0, head, tokens), rows);
            for (int i = 0; i < rows.Length; i++)
                output[head * rows.Length + i] = (float)rows[i];
        }
    }
}
