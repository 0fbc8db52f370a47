using Kernels.Abstractions;
using Kernels.Bench.Validation;

namespace Kernels.Bench.Measurement;

/// <summary>
/// Inputs and oracle results of the problem at hand, shared by the kernels that are measured on it one after the other. Only one problem
/// is held, because cases come in the order of their problems.
/// </summary>
internal sealed class ProblemData : IDisposable
{
    private const int Seed = 1;

    private readonly Dictionary<(Definition, Precision), Expectation> references = [];
    private AttentionInputs? inputs;

    /// <summary>Inputs of the normal family.</summary>
    public AttentionInputs Inputs(AttentionProblem problem)
    {
        if (inputs?.Problem != problem)
        {
            Dispose();
            inputs = AttentionInputs.Create(problem, InputFamily.Normal, Seed);
        }
        return inputs;
    }

    /// <summary>What an output is compared with.</summary>
    public Expectation Reference(KernelInfo kernel, AttentionProblem problem)
    {
        AttentionInputs current = Inputs(problem);
        if (!references.TryGetValue((kernel.Definition, kernel.Precision), out Expectation? reference))
            references[(kernel.Definition, kernel.Precision)] = reference = Validation.Expectation.Compute(
                kernel.Definition, problem, current, ReferenceRows.Choose(problem, Seed), kernel.Precision);
        return reference;
    }

    /// <summary>Frees the inputs.</summary>
    public void Dispose()
    {
        references.Clear();
        inputs?.Dispose();
        inputs = null;
    }
}
