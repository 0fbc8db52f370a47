using Kernels.Measurement.Watch;
using Xunit;

namespace Kernels.Tests.Measurement;

/// <summary>Which threads count as at work where there are more of them than processors.</summary>
public sealed class IdleWindowTests
{
    private const double Seconds = 0.01;

    [Theory]
    [InlineData(0.0, 0.0, true, true)]
    [InlineData(0.01, 0.0, false, true)]
    // A spinning thread beside thirty others: it has had its turn, or has not had it yet.
    [InlineData(0.001, 0.009, false, true)]
    [InlineData(0.0, 0.01, true, false)]
    // Woken for 20 µs of work, and in wait of a processor for the whole window.
    [InlineData(0.00002, 0.01, true, false)]
    [InlineData(0.00002, 0.002, true, true)]
    public void A_thread_that_waits_long_for_a_moment_of_work_is_not_busy(double run, double wait, bool quiet, bool decided)
    {
        IdleWindow window = IdleWindow.Of([(run, wait), (0.0001, 0)], Seconds, bytes: 0);

        Assert.Equal((quiet, decided), (window.IsQuiet, window.IsDecided));
    }

    [Fact]
    public void Threads_add_up()
    {
        Assert.True(IdleWindow.Of([(0.002, 0.001), (0.001, 0.0005)], Seconds, bytes: 0).IsQuiet);
        Assert.False(IdleWindow.Of([(0.002, 0.001), (0.001, 0.0015)], Seconds, bytes: 0).IsQuiet);
    }

    [Fact]
    public void Who_allocates_is_not_quiet() => Assert.False(IdleWindow.Of([], Seconds, bytes: 1 << 20).IsQuiet);
}
