using System.Collections;
using System.Text.Json;
using Kernels.Results;

namespace Kernels.Measurement.Machine;

/// <summary>Settings and limits around this process, and what a process started anew without them is told.</summary>
public static class ProcessEnvironmentReader
{
    private const string Clock = "/sys/devices/system/cpu/cpu0/cpufreq";

    /// <summary>Set by <see cref="CleanProcess"/>: the variables that were removed, as a JSON object.</summary>
    internal const string RemovedVariable = "KERNELS_REMOVED_VARIABLES";

    /// <summary>Variables of this process by whether a rule applies to their names, in order.</summary>
    public static IReadOnlyDictionary<string, string> Variables(Func<string, bool> rule)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            if (rule((string)variable.Key))
                found[(string)variable.Key] = (string?)variable.Value ?? "";
        return found;
    }

    /// <summary>The variables that were removed before this process began; null when nothing was to be removed.</summary>
    public static IReadOnlyDictionary<string, string>? Removed()
    {
        if (Environment.GetEnvironmentVariable(RemovedVariable) is not { } text)
            return null;
        try
        {
            return JsonSerializer.Deserialize<SortedDictionary<string, string>>(text);
        }
        catch (JsonException)
        {
            throw new UserError($"{RemovedVariable} is set by --clean-environment alone, and is no JSON object; unset it.");
        }
    }

    internal static ProcessEnvironment Read()
    {
        ControlGroups? groups = ControlGroups.OfThisProcess();
        return new ProcessEnvironment
        {
            Variables = Variables(SteeringVariables.IsSteering),
            Removed = Removed(),
            AllowedProcessors = Allowed(SystemFile.Text("/proc/self/status")),
            OnlineProcessors = SystemFile.Text("/sys/devices/system/cpu/online"),
            ProcessorQuota = groups?.Processors(),
            MemoryLimitBytes = groups?.MemoryBytes(),
            Governor = SystemFile.Text($"{Clock}/scaling_governor") is { } governor
                ? $"{governor} ({SystemFile.Text($"{Clock}/scaling_driver") ?? "unknown driver"})"
                : null,
            LoadAverage = double.TryParse(SystemFile.Text("/proc/loadavg")?.Split(' ')[0], out double load) ? load : null,
        };
    }

    private static string? Allowed(string? status) => status?.Split('\n')
        .FirstOrDefault(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))?.Split(':')[1].Trim();
}
