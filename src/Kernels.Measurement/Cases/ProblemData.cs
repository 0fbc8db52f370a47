using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;

namespace Kernels.Measurement.Cases;

/// <summary>
/// Inputs and expectations of the current problem, shared by the kernels that are measured on it in turn. Only one problem
/// is held, because cases are ordered by problem.
/// </summary>
/// <param name="references">The references of the operations.</param>
/// <param name="family">The family of the inputs.</param>
internal sealed class ProblemData(References references, InputFamily family = InputFamily.Normal) : IDisposable
{
    private const int Seed = 1;

    private GateCase? current;
    private ReferenceCache? cache;

    /// <summary>Inputs in the format of a kernel.</summary>
    public Inputs Inputs(KernelInfo kernel, Problem problem) => On(problem).Inputs(current!, kernel);

    /// <summary>The expectation of a kernel's outputs.</summary>
    public Expectation Expectation(KernelInfo kernel, Problem problem) => On(problem).Expectation(current!, kernel);

    /// <summary>Frees the inputs.</summary>
    public void Dispose()
    {
        cache?.Dispose();
        cache = null;
    }

    private ReferenceCache On(Problem problem)
    {
        if (cache is not null && current!.Problem == problem)
            return cache;
        Dispose();
        current = new GateCase(problem, family, Seed);
        return cache = new ReferenceCache(references);
    }
}
