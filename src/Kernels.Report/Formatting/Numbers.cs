using Kernels.Results;

namespace Kernels.Report.Formatting;

/// <summary>Number formats of the report: invariant culture, three significant digits by default.</summary>
public static class Numbers
{
    private const string Missing = "–";
    private const double SmallestPlain = 1e-3, SmallestPower = 1e6;

    /// <summary>Keeps a number and its unit on one line.</summary>
    public const char Space = '\u00A0';

    private static readonly (double Factor, string Unit)[] TimeUnits = [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns")];
    private static readonly (double Factor, string Unit)[] ByteUnits = [(1L << 30, "GiB"), (1L << 20, "MiB"), (1L << 10, "KiB"), (1, "B")];

    /// <summary>Nanoseconds with the unit that fits: 4.12 ms.</summary>
    public static string Time(double nanoseconds) => WithUnit(nanoseconds, TimeUnits, Significant);

    /// <summary>Bytes with the unit that fits: 32 KiB.</summary>
    public static string Bytes(double bytes) => WithUnit(bytes, ByteUnits, Short);

    /// <summary>A count with thousands separators.</summary>
    public static string Count(long count) => count.ToString("N0");

    /// <summary>Three significant digits: 1.2×10⁻⁷, 0.0123, 4.12, 95.3, 12,345.</summary>
    public static string Significant(double value)
    {
        double magnitude = Math.Abs(value);
        if (magnitude < SmallestPlain)
            return Scientific(value);
        int decimals = Math.Clamp(2 - (int)Math.Floor(Math.Log10(magnitude)), 0, 12);
        // 9.999 rounds to 10.00, which has one digit too many.
        if (Math.Round(magnitude, decimals) >= Math.Pow(10, 3 - decimals))
            decimals = Math.Max(0, decimals - 1);
        return value.ToString($"N{decimals}");
    }

    /// <summary>Like <see cref="Significant"/>, without zeros at the end.</summary>
    public static string Short(double value)
    {
        string text = Significant(value);
        return Math.Abs(value) >= SmallestPlain && text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary>A round time as a tick label: 200 µs.</summary>
    public static string TimeTick(double nanoseconds) => WithUnit(nanoseconds, TimeUnits, Tick);

    /// <summary>A round factor as a tick label: 20×.</summary>
    public static string FactorTick(double factor) => $"{Tick(factor)}×";

    /// <summary>A round number as a tick label: 10⁻⁶, 0.02, 50, 10⁶.</summary>
    public static string Tick(double value) => value is 0 or (>= SmallestPlain and < SmallestPower)
        ? value.ToString("#,0.###")
        : Scientific(value).Replace("1.0×", "", StringComparison.Ordinal);

    /// <summary>A sequence length, without separators.</summary>
    public static string Length(double length) => length.ToString("0");

    /// <summary>A small number as a power of ten: 1.2×10⁻⁷.</summary>
    public static string Scientific(double value)
    {
        if (value == 0)
            return "0";
        int exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        double mantissa = Math.Round(value / Math.Pow(10, exponent), 1);
        if (Math.Abs(mantissa) >= 10)
            (mantissa, exponent) = (mantissa / 10, exponent + 1);
        return $"{mantissa:0.0}×10{Superscript(exponent.ToString())}";
    }

    /// <summary>A share of 1 in per cent: 87.3 %.</summary>
    public static string Percent(double share)
    {
        string format = Math.Abs(share) switch { < 0.1 => "0.00", < 10 => "0.0", _ => "N0" };
        return $"{(share * 100).ToString(format)}{Space}%";
    }

    /// <summary>A relative change with its sign: +1.2 %, −3.4 %.</summary>
    public static string Change(double change) => $"{(change < 0 ? '−' : '+')}{Percent(Math.Abs(change))}";

    /// <summary>A share of a ceiling, marked where it is more: 87.3 %, 101.2 % !.</summary>
    public static string Share(double share) => PhysicalLimit.IsMarked(share) ? $"{Percent(share)}{Space}{PhysicalLimit.Mark}" : Percent(share);

    /// <summary>A round share as a tick label: 20 %.</summary>
    public static string PercentTick(double share) => $"{Tick(share * 100)}{Space}%";

    /// <summary>A factor: 38.4×.</summary>
    public static string Factor(double factor) => $"{Significant(factor)}×";

    /// <summary>A fitted exponent: N¹·⁹⁸.</summary>
    public static string Power(double exponent) => $"N{Superscript(exponent.ToString("0.00"))}";

    /// <summary>A fitted exponent by itself: 1.003.</summary>
    public static string Exponent(double exponent) => exponent.ToString("0.000");

    /// <summary>1 thread, 2 threads.</summary>
    public static string Threads(int threads) => threads == 1 ? "1 thread" : $"{threads} threads";

    /// <summary>Applies a format to a number that may be absent.</summary>
    public static string Or(double? value, Func<double, string> format) => value is { } number ? format(number) : Missing;

    /// <summary>A number for files that machines read: as many digits as it needs to be read back the same.</summary>
    public static string Exact(double? value) => value?.ToString("R") ?? "";

    private static string WithUnit(double value, (double Factor, string Unit)[] units, Func<double, string> format)
    {
        // 999.6 µs would be written 1000 µs with three digits: that is 1.00 ms.
        (double factor, string unit) = Array.Find(units, candidate => Math.Abs(value) >= candidate.Factor * 0.9995);
        return unit is null ? $"{format(value)}{Space}{units[^1].Unit}" : $"{format(value / factor)}{Space}{unit}";
    }

    private static string Superscript(string digits) => string.Concat(digits.Select(c => c switch
    {
        '-' => '⁻',
        '.' => '·',
        _ => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0'],
    }));
}
