using System.Diagnostics;
using Kernels.Bench.Commands;
using Xunit;

namespace Kernels.Tests.CommandLine;

/// <summary>One command line, run in this process unless it says otherwise, and what it wrote.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static async Task<CommandRun> Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await Cli.RunAsync(args, output, error);
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Runs the program in a process of its own.</summary>
    /// <param name="environment">Variables that it has in addition.</param>
    /// <param name="args">The command line.</param>
    public static Task<CommandRun> OfOwnProcess(IReadOnlyDictionary<string, string> environment, params string[] args) =>
        OfDotNet(environment, [Path.Combine(AppContext.BaseDirectory, "Kernels.Bench.dll"), .. args]);

    /// <summary>Runs <c>dotnet</c>.</summary>
    /// <param name="environment">Variables that it has in addition.</param>
    /// <param name="args">Its command line.</param>
    public static async Task<CommandRun> OfDotNet(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CommandRun(process.ExitCode, await output, await error);
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
