using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Validation;

namespace Kernels.Bench.Commands;

/// <summary>A kernel on a team of threads, called once, and compared with the oracle of its definition.</summary>
internal sealed class CheckedCall(AttentionKernel kernel, int threads) : IDisposable
{
    private readonly ThreadedKernel team = new(kernel, threads);

    /// <summary>The kernel, without its team.</summary>
    public AttentionKernel Kernel => kernel;

    /// <summary>Threads in the team.</summary>
    public int Threads => threads;

    /// <summary>Checks that the kernel takes the problem and that memory suffices, before the inputs are read.</summary>
    /// <exception cref="UserError">It does not.</exception>
    public void Require(AttentionProblem problem)
    {
        if (team.WhyNot(problem) is { } reason)
            throw new UserError($"{kernel.Info.Name} cannot compute {problem} on {threads} threads: {reason}");
        // Each input is there twice for a moment: as it was read, and in the memory that the kernel sees.
        MemoryLimit.Require(2 * problem.CompulsoryBytes + sizeof(float) * team.ScratchLength(problem), $"{kernel.Info.Name} on {problem}: tensors and scratch");
    }

    /// <summary>Calls the kernel once and judges the result.</summary>
    public Verdict Run(AttentionInputs inputs, Span<float> output)
    {
        AttentionProblem problem = inputs.Problem;
        // What the kernel does not write stays NaN, which no finite input gives.
        output.Fill(float.NaN);
        Expectation reference = Expectation.Compute(
            kernel.Info.Definition, problem, inputs, ReferenceRows.Choose(problem), kernel.Info.Precision);
        using var scratch = new FencedBuffer(team.ScratchLength(problem));
        try
        {
            team.Forward(problem, inputs.Q.Span, inputs.K.Span, inputs.V.Span, output, scratch.Span);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Gate.Reject(FailureKind.Threw, $"threw {exception.GetType().Name}: {exception.Message}", reference, kernel);
        }
        return Gate.Compare(kernel, problem, reference, output);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose() => team.Dispose();
}
