namespace Kernels.Measurement.Machine;

/// <summary>
/// Names of processor designs by family and model, which tell generations apart whose names are equal. The numbers are those of Linux:
/// arch/x86/kernel/cpu/amd.c and arch/x86/include/asm/intel-family.h.
/// </summary>
internal static class Microarchitecture
{
    /// <summary>Such as <c>Zen 5</c>; null for a processor that is not in the list.</summary>
    public static string? Of(string? vendor, int? family, int? model, int? stepping) => (vendor, family, model) switch
    {
        ("AuthenticAMD", { } number, { } kind) => Amd(number, kind),
        ("GenuineIntel", 6, { } kind) => Intel(kind, stepping),
        _ => null,
    };

    private static string? Amd(int family, int model) => (family, model) switch
    {
        (0x17, <= 0x2F or >= 0x50 and <= 0x5F) => "Zen",
        (0x17, <= 0x4F or >= 0x60 and <= 0x7F or 0x90 or 0x91 or >= 0xA0 and <= 0xAF) => "Zen 2",
        (0x19, <= 0x0F or >= 0x20 and <= 0x5F) => "Zen 3",
        (0x19, <= 0x1F or >= 0x60 and <= 0xAF) => "Zen 4",
        (0x1A, <= 0x2F or >= 0x40 and <= 0x4F or >= 0x60 and <= 0x7F) => "Zen 5",
        (0x1A, >= 0x50 and <= 0x5F or >= 0x80 and <= 0xAF or >= 0xC0 and <= 0xCF) => "Zen 6",
        _ => null,
    };

    private static string? Intel(int model, int? stepping) => model switch
    {
        0x2A or 0x2D => "Sandy Bridge",
        0x3A or 0x3E => "Ivy Bridge",
        0x3C or 0x3F or 0x45 or 0x46 => "Haswell",
        0x3D or 0x47 or 0x4F or 0x56 => "Broadwell",
        // Three generations of servers share a model.
        0x55 => stepping switch { < 5 => "Skylake", < 10 => "Cascade Lake", null => null, _ => "Cooper Lake" },
        0x4E or 0x5E => "Skylake",
        0x8E or 0x9E => "Kaby Lake",
        0xA5 or 0xA6 => "Comet Lake",
        0x6A or 0x6C or 0x7D or 0x7E => "Ice Lake",
        0x8C or 0x8D => "Tiger Lake",
        0xA7 => "Rocket Lake",
        0x8F => "Sapphire Rapids",
        0xCF => "Emerald Rapids",
        0xAD or 0xAE => "Granite Rapids",
        0xAF => "Sierra Forest",
        0x97 or 0x9A or 0xBE => "Alder Lake",
        0xB7 or 0xBA or 0xBF => "Raptor Lake",
        0xAA or 0xAC => "Meteor Lake",
        0xB5 or 0xC5 or 0xC6 => "Arrow Lake",
        0xBD => "Lunar Lake",
        _ => null,
    };
}
