using System.Runtime.InteropServices;

namespace Kernels.NativePeers.Conversation;

/// <summary>Ctrl-C is not for this program: a terminal sends it to every process, and the one that asks decides when this one ends.</summary>
internal static class Interrupt
{
    // It holds as long as this object does.
    private static PosixSignalRegistration? registration;

    /// <summary>Ignores it from now on.</summary>
    public static void Ignore() => registration ??= PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
}
