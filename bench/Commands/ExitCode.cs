namespace Kernels.Bench.Commands;

/// <summary>Exit codes of the process.</summary>
public static class ExitCode
{
    /// <summary>Success.</summary>
    public const int Ok = 0;

    /// <summary>A kernel is wrong, a case failed, or one became slower than allowed.</summary>
    public const int Failed = 1;

    /// <summary>The command line or an input is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Stopped by Ctrl-C; what was measured is kept.</summary>
    public const int Interrupted = 130;
}
