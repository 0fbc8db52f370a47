using System.CommandLine;
using Kernels.Abstractions;

namespace Kernels.Bench.Commands;

/// <summary><c>list</c>: every kernel, its idea, and why this machine cannot run it.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var command = new Command("list", "Show every kernel.");
        command.SetAction(_ =>
        {
            foreach (AttentionKernel kernel in Catalog.All)
                Console.WriteLine($"{kernel.Info.Name,-28} {kernel.Info.Idea}{(kernel.Unavailable is { } reason ? $" ({reason})" : "")}");
            return ExitCode.Ok;
        });
        return command;
    }
}
