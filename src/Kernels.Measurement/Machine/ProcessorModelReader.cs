using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Kernels.Results;

namespace Kernels.Measurement.Machine;

/// <summary>
/// Family, model and vectors of the processor: on Linux from <c>/proc/cpuinfo</c>, whose flags are those that the system has enabled, and
/// elsewhere on x64 from the processor itself.
/// </summary>
internal static class ProcessorModelReader
{
    private const string Hypervisor = "hypervisor";

    public static ProcessorModel? Read() =>
        SystemFile.Text("/proc/cpuinfo") is { } text ? FromCpuInfo(text) : X86Base.IsSupported ? FromProcessor() : null;

    /// <summary>The first processor of <c>/proc/cpuinfo</c>; null when it says nothing.</summary>
    internal static ProcessorModel? FromCpuInfo(string text)
    {
        Dictionary<string, string> fields = Fields(text);
        int? Number(string field) =>
            int.TryParse(fields.GetValueOrDefault(field), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
        var model = new ProcessorModel
        {
            Vendor = fields.GetValueOrDefault("vendor_id"),
            Family = Number("cpu family"),
            Model = Number("model"),
            Stepping = Number("stepping"),
            Microcode = fields.GetValueOrDefault("microcode"),
            Vectors = fields.TryGetValue("flags", out string? flags) ? Vectors([.. flags.Split(' ')]) : null,
            ClockMhz = double.TryParse(fields.GetValueOrDefault("cpu MHz"), out double clock) ? clock : null,
        };
        return model == new ProcessorModel() ? null : Named(model);
    }

    /// <summary>What the machine is virtual on; null on hardware of its own.</summary>
    public static string? ReadHypervisor()
    {
        if (X86Base.IsSupported)
            return (X86Base.CpuId(1, 0).Ecx & 1 << 31) == 0 ? null : NameOf(X86Base.CpuId(0x4000_0000, 0));
        // The runtime may be told to use no instruction beyond the base of x64, this one among them.
        return SystemFile.Text("/proc/cpuinfo") is { } text
            && Fields(text).GetValueOrDefault("flags")?.Split(' ').Contains(Hypervisor) == true ? "unknown" : null;
    }

    private static string NameOf((int Eax, int Ebx, int Ecx, int Edx) leaf) => Letters(leaf.Ebx, leaf.Ecx, leaf.Edx) switch
    {
        "KVMKVMKVM" => "KVM",
        "Microsoft Hv" => "Hyper-V",
        "VMwareVMware" => "VMware",
        "XenVMMXenVMM" => "Xen",
        "TCGTCGTCGTCG" => "QEMU without KVM",
        "bhyve bhyve" => "bhyve",
        "" => "unknown",
        var other => other,
    };

    private static ProcessorModel FromProcessor()
    {
        (_, int ebx, int ecx, int edx) = X86Base.CpuId(0, 0);
        int signature = X86Base.CpuId(1, 0).Eax;
        int family = signature >> 8 & 0xF, model = signature >> 4 & 0xF;
        return Named(new ProcessorModel
        {
            Vendor = Letters(ebx, edx, ecx),
            Family = family == 0xF ? family + (signature >> 20 & 0xFF) : family,
            Model = family is 0xF or 6 ? model | signature >> 12 & 0xF0 : model,
            Stepping = signature & 0xF,
        });
    }

    private static ProcessorModel Named(ProcessorModel model) =>
        model with { Microarchitecture = Microarchitecture.Of(model.Vendor, model.Family, model.Model, model.Stepping) };

    private static VectorSet Vectors(HashSet<string> flags) =>
        flags.Contains("avx512f") ? VectorSet.Avx512 : flags.Contains("fma") ? VectorSet.Avx2 : flags.Contains("avx") ? VectorSet.Avx : VectorSet.Sse;

    private static Dictionary<string, string> Fields(string text) => text.Split('\n')
        .TakeWhile((line, i) => i == 0 || line != "")
        .Select(line => line.Split(':', 2, StringSplitOptions.TrimEntries))
        .Where(pair => pair.Length == 2)
        .DistinctBy(pair => pair[0])
        .ToDictionary(pair => pair[0], pair => pair[1]);

    private static string Letters(params ReadOnlySpan<int> registers)
    {
        var bytes = new List<byte>();
        foreach (int register in registers)
            bytes.AddRange(BitConverter.GetBytes(register));
        return Encoding.ASCII.GetString([.. bytes]).Trim('\0', ' ');
    }
}
