using Kernels.Measurement;
using Kernels.Measurement.Disassembly;
using Kernels.Measurement.Machine;

namespace Kernels.Bench.Commands;

/// <summary>This program as a child of itself.</summary>
internal static class ThisProgram
{
    /// <summary>Runs its command lines.</summary>
    public static OwnProcess Process { get; } = new(Path.ChangeExtension(typeof(ThisProgram).Assembly.Location, ".dll"));

    /// <summary>Says so when the times of this build are meaningless.</summary>
    public static void WarnOfDebugBuild(TextWriter error)
    {
        if (!RuntimeKnobs.IsOptimized)
            error.WriteLine("This is a debug build: its times are meaningless. Use dotnet run -c Release.");
    }

    /// <summary>Lists the JIT's code of <c>forward</c>.</summary>
    public static KernelDisassembly Disassembly { get; } = new(Process, ForwardCommand.Arguments);
}
