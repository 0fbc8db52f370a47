using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Validation;

/// <summary>Judges cases in this process: a kernel that hangs or ends the process takes the gate with it.</summary>
public sealed class CaseJudge : ICaseJudge
{
    private readonly ReferenceCache cache;
    private readonly IExecutor[] teams;

    /// <summary>Creates teams of threads.</summary>
    /// <param name="cache">Inputs and gold.</param>
    /// <param name="threads">Numbers of threads whose results must equal that of one thread; 2 and 3 when null.</param>
    public CaseJudge(ReferenceCache cache, IReadOnlyList<int>? threads = null)
    {
        this.cache = cache;
        teams = [.. (threads ?? GateOptions.DefaultThreads).Where(count => count > 1).Select(count => new Team(count))];
    }

    /// <summary>The fences around the buffers of a call.</summary>
    public Fences Fences { get; init; }

    /// <summary>Whether a call that allocates memory fails.</summary>
    public bool ForbidsAllocation { get; init; } = true;

    /// <summary>Called when inputs and gold are ready and the kernel begins.</summary>
    public Action? OnBegin { get; init; }

    /// <inheritdoc/>
    public CaseAnswer Judge(Kernel kernel, GateCase gateCase, Detail detail = Detail.Usual)
    {
        if (WhyNot(kernel, gateCase) is { } refusal)
            return new(null, refusal);
        Expectation expectation;
        try
        {
            expectation = cache.Expectation(gateCase, kernel.Info);
        }
        catch (ReferenceException failure)
        {
            // Nothing is known about the kernel on this case; other cases and kernels can still be judged.
            return new(new Verdict(FailureKind.NoReference, $"cannot be judged: {failure.Message}", ErrorCard.Nothing(ToleranceRule.Limit(kernel.Info))));
        }
        OnBegin?.Invoke();
        // A backend has its own threads, and its results may depend on their number.
        Verdict verdict = Gate.Run(kernel, expectation, Fences, ForbidsAllocation, kernel.Backend is null ? teams : []);
        return new(verdict) { Twins = detail == Detail.Twins && !verdict.Passed ? Validation.Twins.Of(kernel, expectation, verdict) : null };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IExecutor team in teams)
            team.Dispose();
    }

    private string? WhyNot(Kernel kernel, GateCase gateCase) =>
        gateCase.Injection is not null && kernel.Backend is { FiniteInputsOnly: true } ? "promises nothing of inputs that are not finite"
        : gateCase.Injection is { } injection && kernel.WhyNot(gateCase.Problem) is null
            && !kernel.Info.Operation.Operands(gateCase.Problem, kernel.Info.Format).Any(each => each.Name == injection.Operand)
                ? $"has no operand {injection.Operand}"
        : gateCase.Inputs == InputFamily.Captured && cache.Reference(kernel.Info.Operation).Captured is null
            ? "such inputs are of a trained model, which was not fetched"
        : !cache.Reference(kernel.Info.Operation).Takes(gateCase.Inputs, kernel.Info.Format.Input)
            ? "such inputs exceed the range of the operation or of its format"
        : kernel.WhyNot(gateCase.Problem);
}
