using System.Runtime.InteropServices;

namespace Kernels.Gpu.OpenCL;

/// <summary>
/// When PoCL looks for devices it takes the signal of a division by zero for the whole process, and .NET's DivideByZeroException with it: the
/// dividing thread goes on, with any number.
/// </summary>
internal static partial class PoclSignals
{
    /// <summary>Environment variable of PoCL: 0 leaves the signal alone.</summary>
    public const string Variable = "POCL_SIGFPE_HANDLER";

    /// <summary>To be called before anything in this process loads OpenCL. What a person has set stays.</summary>
    public static void LeaveToRuntime()
    {
        // Environment.SetEnvironmentVariable would change .NET's copy, which native code does not see.
        if (OperatingSystem.IsLinux())
            _ = SetEnvironment(Variable, "0", overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
