namespace Kernels.Measurement.Runs;

/// <summary>
/// Roughly how many seconds each step of a run takes on two cores: weights for the time left, nothing more. What is known better while it
/// runs corrects them.
/// </summary>
internal static class RunSteps
{
    public const double Ceilings = 3;
    public const double Gate = 1.5;
    public const double WrongKernels = 4;
    public const double Case = 0.5;
    public const double CeilingsAgain = 1;
    public const double Disassembly = 2;

    /// <summary>All steps together.</summary>
    public static double Expected(int kernels, int cases) => Ceilings + Gate * kernels + WrongKernels + Case * cases + CeilingsAgain;
}
