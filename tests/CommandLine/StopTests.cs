using Kernels.Bench.Commands;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.CommandLine;

[RunsOnce]
public sealed class StopTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();

    public void Dispose() => temporary.Dispose();

    /// <summary>In a process of its own: the signal stops all that a process does, and drivers of devices register for it as well.</summary>
    [Theory]
    [InlineData("-INT")]
    [InlineData("-TERM")]
    [InlineData("-HUP")]
    public async Task Ctrl_C_a_request_to_end_and_a_closed_terminal_stop_the_work_and_keep_the_rest(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signals.");
        Assert.SkipWhen(signal == "-HUP" && IgnoresHangUp(), "These tests were started by nohup, so that the signal is ignored.");

        string folder = temporary.File("run");
        CommandRun run = await CommandRun.OfStoppedProcess(
            signal, "ceilings: done", new Dictionary<string, string>(), "run", "--kernels", "naive-triple-loop", "--shapes", "h8-q512-d64", "--out", folder);

        Assert.Equal(ExitCode.Interrupted, run.ExitCode);
        Assert.Contains("Stopping; what was measured is kept.", run.Error);
        Assert.True(RunFolder.Load(folder).Run.Interrupted);
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
