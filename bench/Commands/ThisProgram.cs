using Kernels.Measurement;
using Kernels.Measurement.Disassembly;

namespace Kernels.Bench.Commands;

/// <summary>This program as a child of itself.</summary>
internal static class ThisProgram
{
    /// <summary>Runs a command line of it.</summary>
    public static OwnProcess Process { get; } = new(Path.ChangeExtension(typeof(ThisProgram).Assembly.Location, ".dll"));

    /// <summary>Has the JIT list what <c>forward</c> computes.</summary>
    public static KernelDisassembly Disassembly { get; } = new(Process, ForwardCommand.Arguments);
}
