using System.Diagnostics;
using System.Text;
using Kernels.Bench.Commands;
using Kernels.Results;
using Xunit;
using Xunit.v3;

namespace Kernels.Tests.CommandLine;

/// <summary>One command line, run in this process unless it says otherwise, and what it wrote.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static async Task<CommandRun> Of(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await Cli.RunAsync(args, output, error);
        // Threads of other tests are threads of this process, for which a kernel would be blamed.
        if (exitCode == Bench.Commands.ExitCode.Ok && args[0] is "run" or "compare" && !args.Contains("--help"))
            Assert.True((TestContext.Current.TestCollection as IXunitTestCollection)?.DisableParallelization,
                "what measures in this process belongs into the collection Alone");
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Runs the program in a process of its own.</summary>
    public static Task<CommandRun> OfOwnProcess(params string[] args) => OfOwnProcess(new Dictionary<string, string>(), args);

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
        using Process process = Start(environment, args);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CommandRun(process.ExitCode, await output, await error);
    }

    /// <summary>Runs the program in a process of its own and sends it a signal.</summary>
    /// <param name="signal">The signal, as <c>kill</c> takes it.</param>
    /// <param name="begun">Part of the line of its output after which the signal is sent.</param>
    /// <param name="environment">Variables that it has in addition.</param>
    /// <param name="args">The command line.</param>
    public static async Task<CommandRun> OfStoppedProcess(
        string signal, string begun, IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using Process process = Start(environment, [Path.Combine(AppContext.BaseDirectory, "Kernels.Bench.dll"), .. args]);
        Task<string> error = process.StandardError.ReadToEndAsync(stop);
        var output = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync(stop) is { } line)
        {
            output.AppendLine(line);
            if (line.Contains(begun, StringComparison.Ordinal))
                break;
        }
        using (Process kill = Process.Start("kill", [signal, $"{process.Id}"]))
            await kill.WaitForExitAsync(stop);
        output.Append(await process.StandardOutput.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
        return new CommandRun(process.ExitCode, output.ToString(), await error);
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

    /// <summary>Requires exit code 0 and nothing on standard error; whatever was written is told otherwise.</summary>
    public void RequireSuccess() =>
        Assert.True(ExitCode == Kernels.Bench.Commands.ExitCode.Ok && Error == "", $"exit code {ExitCode}\n{Output}\n{Error}");

    private static Process Start(IReadOnlyDictionary<string, string> environment, string[] args)
    {
        var start = new ProcessStartInfo(SystemProgram.DotNet, args)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
