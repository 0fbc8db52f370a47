using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Kernels.NativePeers.Conversation;

/// <summary>The standard output, for answers alone: what libraries print to it goes to standard error.</summary>
internal static partial class AnswerStream
{
    private const int StandardOutput = 1, StandardError = 2;

    /// <summary>Takes the standard output away from everything else in the process.</summary>
    /// <exception cref="IOException">It is closed.</exception>
    public static Stream Take()
    {
        if (OperatingSystem.IsWindows())
            return Console.OpenStandardOutput();
        int output = Duplicate(StandardOutput);
        if (output < 0 || Duplicate(StandardError, StandardOutput) < 0)
            throw new IOException("the standard output is closed");
        return new FileStream(new SafeFileHandle(output, ownsHandle: true), FileAccess.Write, bufferSize: 0);
    }

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Duplicate(int descriptor, int target);
}
