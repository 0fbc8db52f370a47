using System.Diagnostics;
using Kernels.Bench.Commands;
using Xunit;

namespace Kernels.Tests.CommandLine;

[RunsOnce]
public sealed class StopTests
{
    /// <summary>Without its handler the signal would end the tests.</summary>
    [Theory]
    [InlineData("-TERM")]
    [InlineData("-HUP")]
    public void A_request_to_end_and_a_closed_terminal_stop_the_work(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        Assert.SkipWhen(signal == "-HUP" && IgnoresHangUp(), "These tests were started by nohup, so that the signal is ignored.");
        using var told = new ManualResetEventSlim();
        using var stop = new StopSignal(told.Set);

        using (Process kill = Process.Start("kill", [signal, $"{Environment.ProcessId}"]))
            kill.WaitForExit();

        Assert.True(told.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.True(stop.Token.IsCancellationRequested);
    }

    [Fact]
    public void What_a_closed_terminal_does_not_take_is_dropped()
    {
        var gone = new Gone();
        var writer = new PatientWriter(gone, isGone: () => gone.IsKnown);
        Assert.Throws<IOException>(() => writer.WriteLine("result"));

        gone.IsKnown = true;
        writer.WriteLine("result");
        writer.Write('x');
        writer.Flush();
    }

    private static bool IgnoresHangUp() => File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is { } mask
        && (Convert.ToUInt64(mask["SigIgn:".Length..].Trim(), 16) & 1) != 0;

    private sealed class Gone : StringWriter
    {
        public bool IsKnown { get; set; }

        public override void Write(char value) => throw new IOException("Input/output error");

        public override void WriteLine(string? value) => throw new IOException("Input/output error");

        public override void Flush() => throw new IOException("Input/output error");
    }
}
