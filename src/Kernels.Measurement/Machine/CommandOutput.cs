using System.ComponentModel;
using System.Diagnostics;

namespace Kernels.Measurement.Machine;

/// <summary>Output of a system command; empty when it is missing, fails or hangs.</summary>
public static class CommandOutput
{
    private static readonly TimeSpan longest = TimeSpan.FromSeconds(5);

    /// <summary>The first line; null when there is none.</summary>
    public static string? FirstLine(string command, params string[] arguments) => Lines(command, arguments).FirstOrDefault();

    /// <summary>All lines, without the spaces around them.</summary>
    public static IReadOnlyList<string> Lines(string command, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            using Process? process = Process.Start(start);
            if (process is null)
                return [];
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            _ = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(longest))
            {
                process.Kill(entireProcessTree: true);
                return [];
            }
            return process.ExitCode == 0 ? output.Result.Split('\n', StringSplitOptions.TrimEntries) : [];
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            return [];
        }
    }
}
