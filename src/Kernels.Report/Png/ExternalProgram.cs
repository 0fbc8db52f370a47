using System.Diagnostics;
using Kernels.Results;

namespace Kernels.Report.Png;

/// <summary>Runs programs of the system that make files.</summary>
public static class ExternalProgram
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Runs a program that writes a file, and kills it after a timeout.</summary>
    /// <returns>Null when the file was written, otherwise the reason as a sentence.</returns>
    public static async Task<string?> RunAsync(
        string program, IEnumerable<string> arguments, string madeFile, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        string name = Path.GetFileNameWithoutExtension(program);
        try
        {
            using Process process = SystemProgram.Start(start);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Timeout);
            try
            {
                Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
                string errors = await process.StandardError.ReadToEndAsync(limit.Token);
                await output;
                await process.WaitForExitAsync(limit.Token);
                if (process.ExitCode == 0 && File.Exists(madeFile))
                    return null;
                return $"{name} ended with code {process.ExitCode} and made no {Path.GetFileName(madeFile)}: {LastLine(errors)}";
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellation.ThrowIfCancellationRequested();
                return $"{name} was ended after {Timeout.TotalSeconds:0} s without {Path.GetFileName(madeFile)}";
            }
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return $"{name} could not be started: {exception.Message}";
        }
    }

    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "it said nothing";
}
