namespace Kernels.Results;

/// <summary>One property of the machine, the runtime or the environment, in words.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">Its value.</param>
/// <param name="Stays">Whether it must be the same for times to be comparable; otherwise it changes from moment to moment.</param>
public sealed record MachineFact(string Name, string Value, bool Stays = true);

/// <summary>All that is known of a machine, in the order in which it is shown; what is not known is omitted.</summary>
public static class MachineFacts
{
    private const string Absent = "absent";

    /// <summary>The facts.</summary>
    public static IReadOnlyList<MachineFact> Of(MachineInfo machine)
    {
        ProcessEnvironment environment = machine.Environment ?? new ProcessEnvironment();
        List<MachineFact> facts =
        [
            new("Processor", machine.Processor),
            .. Known("Processor model", machine.Model?.ToString()),
            .. Known("Microcode", machine.Model?.Microcode),
            .. Known("Clock at the start", machine.Model?.ClockMhz is { } clock ? $"{clock:0} MHz" : null, stays: false),
            .. Known("Governor of the clock", environment.Governor),
            new("Cores", $"{machine.Cores}"),
            .. Known("Allowed processors", environment.AllowedProcessors),
            .. Known("Processors online", environment.OnlineProcessors),
            .. Known("Processor quota", environment.ProcessorQuota is { } quota ? $"{quota:0.##} processors" : null),
            .. Known("Load at the start", environment.LoadAverage is { } load ? $"{load:0.00}" : null, stays: false),
            new("Architecture", machine.Architecture),
            new("Instruction sets that the JIT used", string.Join(", ", machine.InstructionSets)),
            .. machine.CacheBytes.Select(cache => new MachineFact($"{cache.Key} cache", $"{cache.Value / 1024.0:#,0.#} KiB")),
            new("Memory", Gibibytes(machine.MemoryBytes)),
            .. Known("Memory limit", environment.MemoryLimitBytes is { } limit ? Gibibytes(limit) : null),
            new("System", machine.OperatingSystem),
            .. Known("Kernel", machine.Kernel),
            .. Known("Hypervisor", machine.Hypervisor),
            new("Runtime", machine.Runtime),
            .. Settings(machine.RuntimeSettings),
            .. Settings(machine.Libraries),
            .. Known("Core of OpenBLAS", machine.OpenBlas?.Core),
            .. Known("Threads of an OpenBLAS call", machine.OpenBlas?.Threads?.ToString()),
            .. Settings(environment.Variables),
        ];
        if (environment.Removed is { } removed)
        {
            string all = string.Join(", ", removed.Select(each => $"{each.Key}={each.Value}"));
            facts.Add(new("Removed by --clean-environment", all == "" ? "nothing" : all, Stays: false));
        }
        return facts;
    }

    /// <summary>What must be the same on both and is not, as <c>Core of OpenBLAS was Haswell and is SkylakeX</c>.</summary>
    public static IEnumerable<string> Differences(MachineInfo before, MachineInfo now)
    {
        Dictionary<string, string> Staying(MachineInfo machine) =>
            Of(machine).Where(fact => fact.Stays).GroupBy(fact => fact.Name)
                .ToDictionary(same => same.Key, same => string.Join(", ", same.Select(fact => fact.Value)));
        Dictionary<string, string> first = Staying(before), second = Staying(now);
        return
            from name in first.Keys.Union(second.Keys)
            let was = first.GetValueOrDefault(name, Absent)
            let itIs = second.GetValueOrDefault(name, Absent)
            where was != itIs
            select $"{name} was {OneLine.Quote(was)} and is {OneLine.Quote(itIs)}";
    }

    private static IEnumerable<MachineFact> Known(string name, string? value, bool stays = true) => value is { Length: > 0 } ? [new(name, value, stays)] : [];

    private static IEnumerable<MachineFact> Settings(IReadOnlyDictionary<string, string> settings) =>
        settings.Select(setting => new MachineFact(setting.Key, setting.Value));

    private static string Gibibytes(long bytes) => $"{bytes / (double)(1 << 30):#,0.#} GiB";
}
