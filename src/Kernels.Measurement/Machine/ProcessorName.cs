using System.Runtime.InteropServices;

namespace Kernels.Measurement.Machine;

/// <summary>The processor's name.</summary>
internal static class ProcessorName
{
    public static string Read()
    {
        string? name =
            OperatingSystem.IsLinux() ? FromCpuInfo()
            : OperatingSystem.IsMacOS() ? CommandOutput.FirstLine("sysctl", "-n", "machdep.cpu.brand_string")
            : OperatingSystem.IsWindows() ? FromRegistry() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
            : null;
        return string.IsNullOrWhiteSpace(name) ? $"unknown {RuntimeInformation.ProcessArchitecture}" : name.Trim();
    }

    private static string? FromCpuInfo()
    {
        try
        {
            // x64 kernels write "model name"; Arm kernels write none, but lscpu knows the names of their part numbers.
            return Value(File.ReadLines("/proc/cpuinfo"), "model name") ?? Value(CommandOutput.Lines("lscpu"), "Model name");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Value(IEnumerable<string> lines, string key) =>
        lines.Select(line => line.Split(':', 2)).FirstOrDefault(pair => pair.Length == 2 && pair[0].Trim() == key)?[1].Trim();

    private static string? FromRegistry()
    {
        // "    ProcessorNameString    REG_SZ    AMD Ryzen 9 …"
        string? line = CommandOutput
            .Lines("reg", "query", @"HKLM\HARDWARE\DESCRIPTION\System\CentralProcessor\0", "/v", "ProcessorNameString")
            .FirstOrDefault(each => each.Contains("REG_SZ"));
        return line?.Split("REG_SZ", 2)[1];
    }
}
