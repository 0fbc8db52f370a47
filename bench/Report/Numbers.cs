using System.Globalization;

namespace Kernels.Bench.Report;

/// <summary>How the report writes numbers: one place, invariant culture, three significant digits unless said otherwise.</summary>
public static class Numbers
{
    private const string Missing = "–";

    private static readonly (double Factor, string Unit)[] TimeUnits = [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns")];
    private static readonly (double Factor, string Unit)[] ByteUnits = [(1L << 30, "GiB"), (1L << 20, "MiB"), (1L << 10, "KiB"), (1, "B")];

    /// <summary>Nanoseconds with the unit that fits: 4.12 ms.</summary>
    public static string Time(double nanoseconds) => WithUnit(nanoseconds, TimeUnits);

    /// <summary>Bytes with the unit that fits: 32 KiB.</summary>
    public static string Bytes(double bytes) => WithUnit(bytes, ByteUnits);

    /// <summary>A count with thousands separators.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Three significant digits, never an exponent: 0.00123, 4.12, 95.3, 12,345.</summary>
    public static string Significant(double value)
    {
        double magnitude = Math.Abs(value);
        if (magnitude == 0)
            return "0";
        int decimals = Math.Clamp(2 - (int)Math.Floor(Math.Log10(magnitude)), 0, 12);
        // 9.999 rounds to 10.00, which has one digit too many.
        if (Math.Round(magnitude, decimals) >= Math.Pow(10, 3 - decimals))
            decimals = Math.Max(0, decimals - 1);
        return value.ToString($"N{decimals}", CultureInfo.InvariantCulture);
    }

    /// <summary>Like <see cref="Significant"/>, without zeros at the end: tick labels.</summary>
    public static string Short(double value)
    {
        string text = Significant(value);
        return text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary>A small number as a power of ten: 1.2×10⁻⁷.</summary>
    public static string Scientific(double value)
    {
        if (value == 0)
            return "0";
        int exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        double mantissa = Math.Round(value / Math.Pow(10, exponent), 1);
        if (Math.Abs(mantissa) >= 10)
            (mantissa, exponent) = (mantissa / 10, exponent + 1);
        return $"{mantissa.ToString("0.0", CultureInfo.InvariantCulture)}×10{Superscript(exponent.ToString(CultureInfo.InvariantCulture))}";
    }

    /// <summary>A share of 1 in per cent: 87.3 %.</summary>
    public static string Percent(double share) =>
        Math.Abs(share) < 0.1 ? $"{(share * 100).ToString("0.00", CultureInfo.InvariantCulture)} %"
            : $"{(share * 100).ToString("0.0", CultureInfo.InvariantCulture)} %";

    /// <summary>A factor: 38.4×.</summary>
    public static string Factor(double factor) => $"{Significant(factor)}×";

    /// <summary>A fitted exponent: N¹·⁹⁸.</summary>
    public static string Power(double exponent) => $"N{Superscript(exponent.ToString("0.00", CultureInfo.InvariantCulture))}";

    /// <summary>1 thread, 2 threads.</summary>
    public static string Threads(int threads) => threads == 1 ? "1 thread" : $"{threads} threads";

    /// <summary>Applies a format to a number that may be absent.</summary>
    public static string Or(double? value, Func<double, string> format) => value is { } number ? format(number) : Missing;

    /// <summary>A number for files that machines read: as many digits as it needs to be read back the same.</summary>
    public static string Exact(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static string WithUnit(double value, (double Factor, string Unit)[] units)
    {
        foreach ((double factor, string unit) in units)
        {
            // 999.6 µs would be written 1000 µs with three digits: that is 1.00 ms.
            if (Math.Abs(value) >= factor * 0.9995)
                return $"{(unit == "B" ? Short(value) : Significant(value / factor))} {unit}";
        }
        return $"{Short(value)} {units[^1].Unit}";
    }

    private static string Superscript(string digits) => string.Concat(digits.Select(c => c switch
    {
        '-' => '⁻',
        '.' => '·',
        _ => "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0'],
    }));
}
