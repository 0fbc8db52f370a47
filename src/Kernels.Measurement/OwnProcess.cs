using System.Diagnostics;
using Kernels.Results;

namespace Kernels.Measurement;

/// <summary>A .NET program in a separate process without console output, with the runtime settings and environment of this one.</summary>
/// <param name="program">Path of its assembly.</param>
public sealed class OwnProcess(string program)
{
    /// <summary>Runs a command line to completion; a child still running when <paramref name="stop"/> is cancelled is killed.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Variables to set in addition.</param>
    /// <param name="stop">Kills the child.</param>
    /// <returns>Its exit code, and the last line that it wrote to standard error.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public (int ExitCode, string LastError) Run(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        using Process process = Start(arguments, environment);
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None),
            error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            process.WaitForExitAsync(stop).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        Task.WaitAll(output, error);
        string last = error.Result.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
        return (process.ExitCode, OneLine.Clean(last));
    }

    /// <summary>Program and arguments of a process that runs a command line.</summary>
    public IEnumerable<string> CommandLine(IEnumerable<string> arguments) => [SystemProgram.DotNet, program, .. arguments];

    /// <summary>Starts a command line; the caller reads its output, or it may stop when the pipes are full.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="environment">Variables to set in addition.</param>
    /// <param name="writesInput">Whether the caller writes its standard input.</param>
    public Process Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, bool writesInput = false)
    {
        ProcessStartInfo start = StartInfo();
        start.RedirectStandardInput = writesInput;
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return SystemProgram.Start(start);
    }

    private ProcessStartInfo StartInfo() => new(SystemProgram.DotNet)
    {
        ArgumentList = { program },
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };
}
