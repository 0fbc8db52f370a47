using Kernels.Measurement.Runs;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Measurement;

public sealed class RunFoldersTests : IDisposable
{
    private static readonly DateTimeOffset start = new(2026, 11, 22, 8, 30, 59, TimeSpan.FromHours(1));

    private readonly TemporaryFolder machine = new();

    public void Dispose() => machine.Dispose();

    [Fact]
    public void A_fresh_folder_is_named_after_start_and_suite()
    {
        Assert.Equal(machine.File("2026-11-22T0730-quick"), RunFolders.Fresh(machine.Path, start, "quick"));
    }

    [Fact]
    public void A_second_run_of_the_same_minute_gets_a_number()
    {
        Directory.CreateDirectory(RunFolders.Fresh(machine.Path, start, "quick"));
        Directory.CreateDirectory(RunFolders.Fresh(machine.Path, start, "quick"));

        Assert.Equal(machine.File("2026-11-22T0730-quick-3"), RunFolders.Fresh(machine.Path, start, "quick"));
    }

    [Fact]
    public void The_newest_run_is_the_one_that_was_at_work_last()
    {
        foreach ((string name, int minute) in new[] { ("b", 1), ("c", 3), ("a", 2) })
        {
            RunStore.Create(machine.File(name), Samples.Header());
            File.SetLastWriteTimeUtc(Path.Combine(machine.File(name), "run.json"), start.UtcDateTime.AddMinutes(minute));
        }
        Directory.CreateDirectory(machine.File("no-run"));

        Assert.Equal(machine.File("c"), RunFolders.Newest(machine.Path));
    }

    [Fact]
    public void Without_runs_there_is_nothing_to_resume()
    {
        Assert.Throws<UserError>(() => RunFolders.Newest(machine.Path));
        Assert.Throws<UserError>(() => RunFolders.Newest(machine.File("absent")));
    }
}
