using System.Text;
using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Measurement.Disassembly;

/// <summary>
/// The machine code that the JIT of this machine generates for kernels: a process of the program runs one kernel, and the listing of the
/// methods compiled meanwhile is written to a file.
/// </summary>
/// <param name="program">The program that runs one kernel, after <see cref="ListingMark.Begin"/>.</param>
/// <param name="arguments">Its command line for a kernel and the names of problems.</param>
public sealed class KernelDisassembly(OwnProcess program, Func<Kernel, IReadOnlyList<string>, IEnumerable<string>> arguments)
{
    /// <summary>Its folder, beside the report.</summary>
    public const string Folder = "disassembly";

    /// <summary>Writes the file of one kernel below <paramref name="runFolder"/>.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="problems">Problems to compute; code that only other problems need is not listed.</param>
    /// <param name="machine">For the heading.</param>
    /// <param name="runFolder">Folder of the run.</param>
    /// <param name="stop">Cancels.</param>
    /// <returns>The file, or why there is none.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public DisassemblyResult Write(
        Kernel kernel, IReadOnlyList<string> problems, MachineInfo machine, string runFolder, CancellationToken stop)
    {
        if (kernel.Backend is { } backend)
            return new(null, backend.TakesThreads ? "it is an outside program" : $"the driver of {backend.Name} generates its machine code");
        if (problems.Count == 0)
            return new(null, "it was not measured");
        if (Methods(kernel, problems, stop, out string? failure) is not { } methods)
            return new(null, failure);
        if (!methods.Any(method => method.HottestLoop is not null))
            return new(null, $"no loop of it was compiled by the JIT of {machine.Runtime}");
        Directory.CreateDirectory(Path.Combine(runFolder, Folder));
        File.WriteAllText(Path.Combine(runFolder, Folder, $"{kernel.Info.Name}.asm"), Text(kernel, problems, machine, methods));
        return new($"{Folder}/{kernel.Info.Name}.asm", null);
    }

    private IReadOnlyList<MachineMethod>? Methods(
        Kernel kernel, IReadOnlyList<string> problems, CancellationToken stop, out string? failure)
    {
        using var folder = new TemporaryFolder();
        string listing = folder["listing.asm"];
        (int exitCode, string lastError) = program.Run(
            arguments(kernel, problems), JitListing.Environment(listing), stop);
        failure = exitCode != 0 ? $"the process that should list it ended with exit code {exitCode}: {lastError}"
            : !File.Exists(listing) ? "this runtime wrote no listing; DOTNET_JitStdOutFile needs .NET 8 or later"
            : null;
        return failure is null ? JitListing.KernelMethods(File.ReadAllText(listing)) : null;
    }

    private static string Text(
        Kernel kernel, IReadOnlyList<string> problems, MachineInfo machine, IReadOnlyList<MachineMethod> methods)
    {
        var text = new StringBuilder();
        text.Append($"; {kernel.Info.Name}: what {machine.Runtime} compiled of it on {machine.Processor} with {string.Join(", ", machine.InstructionSets)}\n");
        text.Append($"; while it computed {string.Join(", ", problems)}\n;\n");
        text.Append("; Of the innermost loop with the most multiply-adds: width of its vectors, instructions, multiply-adds, and vector moves from or to\n");
        text.Append("; the stack, which look like spills.\n;\n");
        text.Append(";  bytes   bits  instr.   FMAs  stack  method\n");
        foreach (MachineMethod method in methods.OrderByDescending(method => method.HottestLoop?.MultiplyAdds ?? -1).ThenByDescending(method => method.Bytes))
            text.Append(method.HottestLoop is { } loop
                ? $"; {method.Bytes,6} {loop.VectorBits,6} {loop.Instructions,7} {loop.MultiplyAdds,6} {loop.StackVectors,6}  {method.Name}\n"
                : $"; {method.Bytes,6}                              {method.Name}\n");
        foreach (MachineMethod method in methods)
            text.Append('\n').Append(method.Text);
        return text.ToString();
    }
}
