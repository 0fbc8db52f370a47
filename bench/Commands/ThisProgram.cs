using Kernels.Measurement;
using Kernels.Measurement.Disassembly;

namespace Kernels.Bench.Commands;

/// <summary>This program as a child of itself.</summary>
internal static class ThisProgram
{
    /// <summary>Runs its command lines.</summary>
    public static OwnProcess Process { get; } = new(Path.ChangeExtension(typeof(ThisProgram).Assembly.Location, ".dll"));

    /// <summary>Lists the JIT's code of <c>forward</c>.</summary>
    public static KernelDisassembly Disassembly { get; } = new(Process, ForwardCommand.Arguments);
}
