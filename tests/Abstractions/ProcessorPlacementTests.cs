using Kernels.Abstractions;
using Xunit;

namespace Kernels.Tests.Abstractions;

public class ProcessorPlacementTests
{
    [Fact]
    public void A_thread_that_leaves_its_processor_runs_on_another_and_may_still_run_on_all()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "placement is known on Linux only");
        Assert.SkipWhen(Environment.ProcessorCount == 1, "there is one processor");
        string allowed = Allowed();
        // The system may move it back at once, but not every time.
        bool moved = Enumerable.Range(0, 100).Any(_ =>
        {
            int before = ProcessorPlacement.Current();
            ProcessorPlacement.Leave(before);
            return ProcessorPlacement.Current() != before;
        });

        Assert.True(moved);
        Assert.Equal(allowed, Allowed());
    }

    [Theory]
    [InlineData(ProcessorPlacement.Unknown)]
    [InlineData(int.MaxValue)]
    public void Leaving_a_processor_that_is_not_there_changes_nothing(int processor) =>
        Assert.Null(Record.Exception(() => ProcessorPlacement.Leave(processor)));

    private static string Allowed() => File.ReadLines("/proc/thread-self/status").First(line => line.StartsWith("Cpus_allowed:"));
}
