using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>Computes a layer by a formula in plain float32: without a mistake, the control; with one, a wrong kernel.</summary>
/// <param name="name">The name, after <c>wrong-</c>.</param>
/// <param name="mistake">What is wrong.</param>
/// <param name="operation">What it claims to compute.</param>
/// <param name="create">Creates the formula; when null, the right one.</param>
internal sealed unsafe class FormulaKernel(
    string name, string mistake, LayerOperation operation,
    Func<LayerOperation, LayerArithmetic, LayerProblem, LayerNumbers, LayerFormula>? create = null) : Kernel
{
    public override KernelInfo Info { get; } = new($"wrong-{operation.Name}-{name}", mistake, operation);

    protected override Plan PlanFor(Problem problem) => new(1);

    protected override void Compute(in Call call, int stage, int item)
    {
        Tensor[] tensors = call.Tensors.ToArray();
        LayerFormula formula = (create ?? LayerReference.Formula)(
            operation, new PlainArithmetic(way: 0), (LayerProblem)call.Problem, new LayerNumbers.OfCall(tensors));
        // A cache is an input too, so nothing is written before all is computed.
        var computed = new List<(int Group, int Head, double[] Values)>();
        for (int group = 0; group < operation.OutputGroups.Count; group++)
        {
            Layout layout = tensors[operation.OutputGroups[group][0]].Layout;
            int width = operation.OutputGroups[group].Sum(place => tensors[place].Layout.Channels);
            for (int head = 0; head < layout.Batch * layout.Heads; head++)
            {
                double[] values = new double[layout.Tokens * width];
                formula.Compute(new(group, head, [.. Enumerable.Range(0, layout.Tokens)]), values);
                computed.Add((group, head, values));
            }
        }
        foreach ((int group, int head, double[] values) in computed)
            Write(tensors, group, head, values);
    }

    private void Write(Tensor[] tensors, int group, int head, double[] values)
    {
        int at = 0;
        Tensor[] outputs = [.. operation.OutputGroups[group].Select(place => tensors[place])];
        for (int token = 0; token < outputs[0].Layout.Tokens; token++)
        {
            foreach (Tensor output in outputs)
            {
                (int batch, int own) = Math.DivRem(head, output.Layout.Heads);
                foreach (ref float number in output.Row<float>(batch, own, token))
                    number = (float)values[at++];
            }
        }
    }
}
