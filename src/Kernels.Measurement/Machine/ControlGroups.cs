using System.Globalization;

namespace Kernels.Measurement.Machine;

/// <summary>
/// Limits that Linux sets to the control groups of this process, of version 2 (<c>cpu.max</c>, <c>memory.max</c>) and of version 1
/// (<c>cpu.cfs_quota_us</c>, <c>memory.limit_in_bytes</c>). A limit holds for all groups below, so the least of all levels counts.
/// </summary>
/// <param name="membership">Text of <c>/proc/self/cgroup</c>.</param>
/// <param name="mounts">Text of <c>/proc/self/mountinfo</c>.</param>
internal sealed class ControlGroups(string membership, string mounts)
{
    // Version 1 writes no limit as the largest number of pages.
    private const double NoLimit = 1L << 60;

    /// <summary>The groups of this process; null where there are none.</summary>
    public static ControlGroups? OfThisProcess() =>
        SystemFile.Text("/proc/self/cgroup") is { } membership && SystemFile.Text("/proc/self/mountinfo") is { } mounts ? new(membership, mounts) : null;

    /// <summary>Processor time for each second of the clock, in processors; null without a limit.</summary>
    public double? Processors() => Least(
        "cpu",
        group => SystemFile.Text(Path.Combine(group, "cpu.max"))?.Split(' ') is [var quota, var period] ? Quotient(quota, period) : null,
        group => Quotient(SystemFile.Text(Path.Combine(group, "cpu.cfs_quota_us")), SystemFile.Text(Path.Combine(group, "cpu.cfs_period_us"))));

    /// <summary>Bytes; null without a limit.</summary>
    public long? MemoryBytes() => (long?)Least(
        "memory",
        group => Number(SystemFile.Text(Path.Combine(group, "memory.max"))),
        group => Number(SystemFile.Text(Path.Combine(group, "memory.limit_in_bytes"))));

    private double? Least(string controller, Func<string, double?> ofSecond, Func<string, double?> ofFirst) =>
        Levels("cgroup2", "").Select(ofSecond).Concat(Levels("cgroup", controller).Select(ofFirst)).Where(limit => limit < NoLimit).Min();

    /// <summary>The folders of the group of this process and of those above it.</summary>
    private IEnumerable<string> Levels(string kind, string controller)
    {
        // 4:memory:/a/b of version 1, 0::/a/b of version 2.
        string? group = membership.Split('\n').Select(line => line.Split(':', 3))
            .FirstOrDefault(parts => parts.Length == 3 && parts[1].Split(',').Contains(controller))?[2];
        // 36 35 0:31 ROOT POINT rw,relatime - cgroup cgroup rw,memory
        (string Root, string Point) mount = mounts.Split('\n').Select(line => line.Split(" - ", 2))
            .Where(halves => halves.Length == 2 && halves[1].Split(' ') is [var type, .., var options]
                && type == kind && (controller == "" || options.Split(',').Contains(controller)))
            .Select(halves => halves[0].Split(' ')).Where(words => words.Length > 4)
            .Select(words => (words[3], words[4])).FirstOrDefault();
        if (group is null || mount.Point is null)
            yield break;
        string inside = mount.Root != "/" && group.StartsWith(mount.Root, StringComparison.Ordinal) ? group[mount.Root.Length..] : group;
        string[] names = inside.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int count = names.Length; count >= 0; count--)
            yield return Path.Combine([mount.Point, .. names.Take(count)]);
    }

    private static double? Quotient(string? quota, string? period) =>
        Number(quota) is > 0 and var time && Number(period) is > 0 and var each ? time / each : null;

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out double number) ? number : null;
}
