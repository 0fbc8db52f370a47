using System.Globalization;

namespace Kernels.Measurement.Machine;

/// <summary>Sizes of the data caches that one core sees.</summary>
internal static class CacheSizes
{
    public static IReadOnlyDictionary<string, long> Read() =>
        OperatingSystem.IsLinux() ? FromFolder("/sys/devices/system/cpu/cpu0/cache")
        : OperatingSystem.IsMacOS() ? FromSysctl()
        : OperatingSystem.IsWindows() ? FromWindows()
        : new Dictionary<string, long>();

    /// <summary>Reads the layout of Linux: one folder a cache, with the files level, type and size ("1024K").</summary>
    internal static IReadOnlyDictionary<string, long> FromFolder(string folder)
    {
        var sizes = new SortedDictionary<string, long>();
        try
        {
            foreach (string cache in Directory.EnumerateDirectories(folder, "index*"))
                if (Text(cache, "type") is "Data" or "Unified" && Bytes(Text(cache, "size")) is { } bytes)
                    sizes[$"L{Text(cache, "level")}"] = bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Containers and virtual machines often hide the folder; the sizes are then unknown.
        }
        return sizes;
    }

    private static string Text(string cache, string file) => File.ReadAllText(Path.Combine(cache, file)).Trim();

    private static long? Bytes(string size)
    {
        (string digits, long unit) = size switch
        {
            [.. string number, 'K'] => (number, 1L << 10),
            [.. string number, 'M'] => (number, 1L << 20),
            _ => (size, 1L),
        };
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value > 0 ? value * unit : null;
    }

    private static SortedDictionary<string, long> FromSysctl()
    {
        var sizes = new SortedDictionary<string, long>();
        // perflevel0 is the fast cores of Apple silicon; Intel Macs have the plain names.
        foreach ((string level, string[] names) in new[]
        {
            ("L1", new[] { "hw.perflevel0.l1dcachesize", "hw.l1dcachesize" }),
            ("L2", ["hw.perflevel0.l2cachesize", "hw.l2cachesize"]),
            ("L3", ["hw.l3cachesize"]),
        })
        {
            if (names.Select(name => Bytes(CommandOutput.FirstLine("sysctl", "-n", name) ?? "")).FirstOrDefault(size => size is not null) is { } bytes)
                sizes[level] = bytes;
        }
        return sizes;
    }

    private static SortedDictionary<string, long> FromWindows()
    {
        // Win32_Processor gives L2 and L3 in KiB, of all cores together for L2.
        var sizes = new SortedDictionary<string, long>();
        string[] values = CommandOutput.FirstLine(
            "powershell", "-NoProfile", "-Command",
            "$p = @(Get-CimInstance Win32_Processor)[0]; \"$($p.L2CacheSize / $p.NumberOfCores) $($p.L3CacheSize)\"")?.Split(' ') ?? [];
        foreach ((string level, string value) in new[] { "L2", "L3" }.Zip(values))
            if (double.TryParse(value, out double kibibytes) && kibibytes >= 1)
                sizes[level] = (long)kibibytes << 10;
        return sizes;
    }
}
