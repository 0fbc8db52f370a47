using Kernels.Results;

namespace Kernels.Measurement.Runs;

/// <summary>
/// Rough seconds of each step of a run on two cores: weights for the time left, which measured times correct during the run, and what a
/// budget must have room for before the first case.
/// </summary>
public static class RunSteps
{
    internal const double Ceilings = 3, Gate = 1.5, WrongKernels = 4, WrongTimings = 4, Case = 0.5, CeilingsAgain = 1, Disassembly = 2;

    /// <summary>Seconds that a run takes besides its cases.</summary>
    /// <param name="request">The run.</param>
    /// <param name="begun">What it has already; null for a new run.</param>
    public static double Fixed(RunRequest request, RunResults? begun)
    {
        int toJudge = request.Plan.Select(planned => planned.Kernel).Distinct()
            .Count(kernel => kernel.Unavailable is null && begun?.Kernel(kernel.Info.Name)?.Gate is null);
        return (begun?.Ceilings is null ? Ceilings : 0) + Gate * toJudge + (begun?.Validator is null ? WrongKernels : 0)
            + (begun?.WrongTimings is null ? WrongTimings : 0) + (begun?.Ceilings is not { AreComplete: true } ? CeilingsAgain : 0);
    }
}
