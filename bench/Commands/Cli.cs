using System.CommandLine;

namespace Kernels.Bench.Commands;

/// <summary>The command line: one file a verb, joined here.</summary>
public static class Cli
{
    /// <summary>Runs one command line and returns its exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            return await Root().Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (UserError error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return ExitCode.Usage;
        }
    }

    private static RootCommand Root() =>
        new("Attention kernels: validated against float64, measured, compared.")
        {
            ListCommand.Create(),
            ReportCommand.Create(),
        };
}
