using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Measurement.Watch;

/// <summary>What a call must leave on its thread as it found it.</summary>
internal sealed partial class CallerState
{
    private readonly string mode = Mode(one: 1, quarter: 1f / (1 << 25), subnormal: 1e-40f),
        processors = string.Join(", ", ProcessorPlacement.Allowed()),
        priority = Priority();

    /// <summary>Requires that the calling thread is as it was when this was made.</summary>
    /// <exception cref="TimingException">It is not.</exception>
    public void RequireUnchanged()
    {
        var now = new CallerState();
        if (now.mode != mode)
            throw new TimingException(TimingFault.FloatingPointMode, $"a call changed the floating-point mode of its thread: {mode} before, {now.mode} after");
        if (now.processors != processors)
            throw new TimingException(TimingFault.Affinity, $"a call changed the processors of its thread: {processors} before, {now.processors} after");
        if (now.priority != priority)
            throw new TimingException(TimingFault.Priority, $"a call changed the priority of its thread: {priority} before, {now.priority} after");
    }

    // Not inlined, so that the sums are computed here and not by the compiler.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string Mode(float one, float quarter, float subnormal)
    {
        bool up = one + quarter > 1, down = -one - quarter < -1, chops = one + 3 * quarter == 1;
        string rounding = up ? "up" : down ? "down" : chops ? "toward zero" : "to nearest";
        return $"rounds {rounding}, {(subnormal * one == 0 ? "flushes subnormal numbers" : "keeps subnormal numbers")}";
    }

    private static string Priority() =>
        OperatingSystem.IsLinux() ? $"{Thread.CurrentThread.Priority}, nice {Nice(0, 0)}" : Thread.CurrentThread.Priority.ToString();

    // On Linux of the calling thread.
    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int Nice(int which, int who);
}
