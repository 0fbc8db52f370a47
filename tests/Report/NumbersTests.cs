using Kernels.Report.Formatting;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>How numbers are written.</summary>
[RunsOnce]
public sealed class NumbersTests
{
    [Theory]
    [InlineData(0.4, "0.400 ns")]
    [InlineData(999.6, "1.00 µs")]
    [InlineData(4_123_456, "4.12 ms")]
    [InlineData(95_300_000, "95.3 ms")]
    [InlineData(12_345_678_900_000, "12,346 s")]
    public void Time(double nanoseconds, string expected) => Assert.Equal(expected, Plain(Numbers.Time(nanoseconds)));

    [Theory]
    [InlineData(500, "500 ns")]
    [InlineData(2_000_000, "2 ms")]
    [InlineData(10_000_000_000, "10 s")]
    public void TimeTick(double nanoseconds, string expected) => Assert.Equal(expected, Plain(Numbers.TimeTick(nanoseconds)));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(9.999, "10.0")]
    [InlineData(0.0123, "0.0123")]
    [InlineData(1.2e-7, "1.2×10⁻⁷")]
    [InlineData(12_345, "12,345")]
    [InlineData(-3.14159, "-3.14")]
    public void Significant(double value, string expected) => Assert.Equal(expected, Numbers.Significant(value));

    [Theory]
    [InlineData(1e-6, "10⁻⁶")]
    [InlineData(0.002, "0.002")]
    [InlineData(50, "50")]
    [InlineData(1000, "1,000")]
    public void Tick(double value, string expected) => Assert.Equal(expected, Numbers.Tick(value));

    [Theory]
    [InlineData(9.96e-8, "1.0×10⁻⁷")]
    [InlineData(0, "0")]
    public void Scientific(double value, string expected) => Assert.Equal(expected, Numbers.Scientific(value));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1000, "1,000 B")]
    [InlineData(65_536, "64 KiB")]
    [InlineData(8589934592, "8 GiB")]
    public void Bytes(double bytes, string expected) => Assert.Equal(expected, Plain(Numbers.Bytes(bytes)));

    [Theory]
    [InlineData(0.0118, "1.18 %")]
    [InlineData(0.85, "85.0 %")]
    [InlineData(25.6, "2,560 %")]
    public void Percent(double share, string expected) => Assert.Equal(expected, Plain(Numbers.Percent(share)));

    [Fact]
    public void Power() => Assert.Equal("N¹·⁹⁸", Numbers.Power(1.98));

    private static string Plain(string text) => text.Replace('\u00A0', ' ');
}
