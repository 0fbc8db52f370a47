using System.Collections;
using System.Runtime.InteropServices;

namespace Kernels.NativePeers.Conversation;

/// <summary>What must be so before a native library is loaded.</summary>
internal static partial class StartEnvironment
{
    // They set or bound threads, and how long these spin; the threads of a call are those that it is asked for.
    private static readonly string[] threadSettings = ["OMP_", "GOMP_", "KMP_", "MKL_"];

    // At Ctrl-C a terminal stops every process; the one that asks decides when this one ends. It holds as long as this object does.
    private static PosixSignalRegistration? interrupt;

    /// <summary>Removes settings of threads from the environment, and ignores Ctrl-C.</summary>
    public static void Prepare()
    {
        interrupt ??= PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
        if (OperatingSystem.IsWindows())
            return;
        foreach (string name in Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(each => (string)each.Key))
        {
            // .NET changes a copy of its own; native libraries read the one of the C library.
            if (threadSettings.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
                _ = Unset(name);
        }
    }

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unset(string name);
}
