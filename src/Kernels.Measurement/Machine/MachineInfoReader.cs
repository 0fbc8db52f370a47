using System.Runtime.InteropServices;
using Kernels.Results;

namespace Kernels.Measurement.Machine;

/// <summary>The machine and the runtime of this process.</summary>
public static class MachineInfoReader
{
    /// <summary>
    /// Reads everything but <paramref name="libraries"/>, which kernels call and the caller knows. What the system does not report is
    /// "unknown" or absent, never an error.
    /// </summary>
    public static MachineInfo Read(IReadOnlyDictionary<string, string> libraries)
    {
        string processor = ProcessorName.Read();
        int cores = Environment.ProcessorCount;
        ProcessorModel? model = ProcessorModelReader.Read();
        return new MachineInfo
        {
            Name = ShortName(processor, model, cores),
            Processor = processor,
            Cores = cores,
            Architecture = RuntimeInformation.ProcessArchitecture.ToString(),
            InstructionSets = InstructionSets.Read(),
            CacheBytes = CacheSizes.Read(),
            MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            OperatingSystem = RuntimeInformation.OSDescription,
            Runtime = RuntimeInformation.FrameworkDescription,
            RuntimeSettings = RuntimeKnobs.Read(),
            Libraries = libraries,
            Model = model,
            Kernel = SystemFile.Text("/proc/sys/kernel/osrelease") is { } release ? $"Linux {release}" : Environment.OSVersion.VersionString,
            Hypervisor = ProcessorModelReader.ReadHypervisor(),
            Environment = ProcessEnvironmentReader.Read(),
        };
    }

    /// <summary>
    /// A folder name: "AMD EPYC 9354 32-Core Processor" with 2 cores is <c>amd-epyc-9354-zen4-2c</c>. The microarchitecture, or family and
    /// model where it has no name, tells machines apart whose processors have the same name.
    /// </summary>
    public static string ShortName(string processor, ProcessorModel? model, int cores)
    {
        string[] noise = ["processor", "cpu", "r", "tm", "gen", "core"];
        // These precede the clock rate and the graphics unit.
        string itself = processor.ToLowerInvariant().Split(["@", " w/", " with "], StringSplitOptions.None)[0];
        string letters = string.Concat(itself.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : ' '));
        string[] words = [.. letters.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        IEnumerable<string> kept = words.Where((word, i) => !noise.Contains(word) && !(i + 1 < words.Length && words[i + 1] == "core"));
        string? design = model?.Microarchitecture?.ToLowerInvariant().Replace(" ", "")
            ?? (model is { Family: { } family, Model: { } number } ? $"f{family}m{number}" : null);
        return string.Join('-', [.. kept.DefaultIfEmpty("unknown").Take(5), .. design is null ? (string[])[] : [design], $"{cores}c"]);
    }
}
