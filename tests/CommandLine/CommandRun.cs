using Kernels.Bench.Commands;
using Xunit;

namespace Kernels.Tests.CommandLine;

/// <summary>One command line, run in this process, and what it wrote.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static async Task<CommandRun> Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await Cli.RunAsync(args, output, error);
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Runs a command line that is wrong: exit code 2, nothing on standard output, one line on standard error, which is returned.</summary>
    public static async Task<string> Refused(params string[] args)
    {
        CommandRun run = await Of(args);
        Assert.Equal(Kernels.Bench.Commands.ExitCode.Usage, run.ExitCode);
        Assert.Equal("", run.Output);
        string line = Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("   at ", line);
        return line;
    }
}
