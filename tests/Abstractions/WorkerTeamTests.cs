using Kernels.Abstractions;
using Xunit;

namespace Kernels.Tests.Abstractions;

[RunsOnce]
public class WorkerTeamTests
{
    [Fact]
    public void What_a_worker_throws_reaches_the_caller_and_the_team_lives_on()
    {
        using var team = new WorkerTeam(3);
        int ran = 0;

        var error = Assert.Throws<InvalidOperationException>(
            () => team.Run(thread => throw new InvalidOperationException($"thread {thread}")));
        team.Run(_ => Interlocked.Increment(ref ran));

        Assert.StartsWith("thread", error.Message);
        Assert.Equal(3, ran);
    }

    [Fact]
    public void A_team_that_slept_wakes_up()
    {
        using var team = new WorkerTeam(2);
        int ran = 0;
        team.Run(_ => Interlocked.Increment(ref ran));
        Thread.Sleep(50);
        team.Run(_ => Interlocked.Increment(ref ran));

        Assert.Equal(4, ran);
    }

    [Fact]
    public void A_disposed_team_says_so()
    {
        var team = new WorkerTeam(2);
        team.Dispose();
        team.Dispose();

        Assert.Throws<ObjectDisposedException>(() => team.Run(_ => { }));
    }

    [Fact]
    public void No_piece_of_work_is_missed_whether_threads_spin_sleep_or_fall_asleep_at_that_moment()
    {
        using var team = new WorkerTeam(3);
        int ran = 0;
        for (int call = 0; call < 2000; call++)
        {
            team.Run(_ => Interlocked.Increment(ref ran));
            // Up to twice as long as threads spin before they sleep.
            Thread.SpinWait(call % 40 * 100);
        }

        Assert.Equal(3 * 2000, ran);
    }
}
