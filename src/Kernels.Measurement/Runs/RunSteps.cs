namespace Kernels.Measurement.Runs;

/// <summary>
/// Rough seconds of each step of a run on two cores, used only as weights for the time left; measured times correct them during the
/// run.
/// </summary>
internal static class RunSteps
{
    public const double Ceilings = 3;
    public const double Gate = 1.5;
    public const double WrongKernels = 4;
    public const double WrongTimings = 4;
    public const double Case = 0.5;
    public const double CeilingsAgain = 1;
    public const double Disassembly = 2;

    /// <summary>All steps together.</summary>
    public static double Expected(int kernels, int cases) => Ceilings + Gate * kernels + WrongKernels + WrongTimings + Case * cases + CeilingsAgain;
}
