using System.Runtime.InteropServices;

namespace Kernels.Gpu.OpenCL;

/// <summary>
/// When PoCL enumerates devices, it replaces the handler of SIGFPE for the whole process. Integer division by zero then throws no
/// DivideByZeroException and yields an arbitrary number.
/// </summary>
internal static partial class PoclSignals
{
    /// <summary>Environment variable of PoCL: 0 leaves the handler as it is.</summary>
    public const string Variable = "POCL_SIGFPE_HANDLER";

    /// <summary>Must be called before anything in this process loads OpenCL. A value set by the user is kept.</summary>
    public static void LeaveToRuntime()
    {
        // Environment.SetEnvironmentVariable changes only .NET's copy, which native code does not see.
        if (OperatingSystem.IsLinux())
            _ = SetEnvironment(Variable, "0", overwrite: 0);
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
