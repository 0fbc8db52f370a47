using System.CommandLine;
using Kernels.Bench.Report;
using Kernels.Bench.Results;

namespace Kernels.Bench.Commands;

/// <summary><c>report</c>: makes the report again from results, of one run or of several together.</summary>
internal static class ReportCommand
{
    private const string Description = """
        Make the report again from the results of one or more runs; nothing is measured.

        Examples:
          report reports/amd-epyc-2c/2026-11-22T0830-quick
          report reports/amd-epyc-2c/2026-11-22T0830-quick reports/apple-m4-10c/2026-11-23T1015-quick --out reports/both
        """;

    public static Command Create()
    {
        var folders = new Argument<string[]>("folders")
        {
            Description = "Folders of runs, each with its results.json.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string?>("--out")
        {
            Description = "Folder for the report; needed for several runs. One run's report goes into the run's folder.",
            HelpName = "DIR",
        };
        var command = new Command("report", Description) { folders, output };
        command.SetAction(arguments => Write(arguments.GetRequiredValue(folders), arguments.GetValue(output)));
        return command;
    }

    private static int Write(string[] folders, string? output)
    {
        if (output is null && folders.Length > 1)
            throw new UserError($"Say with --out DIR where the report of these {folders.Length} runs goes.");
        if (output is not null)
            ReportFolder.RequireFree(output);
        List<RunResults> runs = [.. folders.Select(RunFolder.Load)];
        string target = output ?? (Directory.Exists(folders[0]) ? folders[0] : Path.GetDirectoryName(Path.GetFullPath(folders[0]))!);
        foreach (string note in ReportWriter.Write(runs, target))
            Console.WriteLine(note);
        Console.WriteLine(Path.Combine(target, ReportFolder.Page));
        return ExitCode.Ok;
    }
}
