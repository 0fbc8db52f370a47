namespace Kernels.Results;

/// <summary>What was set and limited around the process that measured. What the system does not report is null.</summary>
public sealed record ProcessEnvironment
{
    /// <summary>Variables that steer a library or the runtime (<see cref="SteeringVariables"/>).</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>The variables that <c>--clean-environment</c> removed; null without that option.</summary>
    public IReadOnlyDictionary<string, string>? Removed { get; init; }

    /// <summary>Processors that the process may run on, such as <c>0-1,4</c>.</summary>
    public string? AllowedProcessors { get; init; }

    /// <summary>Processors of the machine that are online, in the same form.</summary>
    public string? OnlineProcessors { get; init; }

    /// <summary>Processor time that its control groups allow, in processors; null without a limit.</summary>
    public double? ProcessorQuota { get; init; }

    /// <summary>Memory that its control groups allow, in bytes; null without a limit.</summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>How the system chooses the clock, with the driver: <c>powersave (acpi-cpufreq)</c>.</summary>
    public string? Governor { get; init; }

    /// <summary>Load average of the last minute when it was read.</summary>
    public double? LoadAverage { get; init; }

    /// <summary>Processors in a list such as <c>0-1,4</c>; null when it is none.</summary>
    public static int? Count(string? list)
    {
        int count = 0;
        foreach (string range in list?.Split(',') ?? [])
        {
            string[] ends = range.Split('-');
            if (ends.Length > 2 || !ends.All(end => int.TryParse(end, out _)) || int.Parse(ends[^1]) is var last && last < int.Parse(ends[0]))
                return null;
            count += last - int.Parse(ends[0]) + 1;
        }
        return count > 0 ? count : null;
    }
}
