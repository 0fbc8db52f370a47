namespace Kernels.NativePeers.Conversation;

/// <summary>Waits until no thread of this process spins for more work: it would slow down what is measured next.</summary>
internal static class Quiet
{
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Returns after two pauses in which the process was idle for at least half of the time.</summary>
    public static void Wait()
    {
        for (int calm = 0; calm < 2;)
        {
            TimeSpan before = Environment.CpuUsage.TotalTime;
            Thread.Sleep(pause);
            calm = Environment.CpuUsage.TotalTime - before < pause / 2 ? calm + 1 : 0;
        }
    }
}
