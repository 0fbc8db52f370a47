namespace Kernels.Measurement.Watch;

/// <summary>Some milliseconds in which no kernel was called.</summary>
/// <param name="Run">Processor time of all threads, seconds.</param>
/// <param name="Busy">Threads that were at work, or would have been if there were a processor, in the mean.</param>
/// <param name="IsStarved">A thread waited for a processor most of the time, and had none for long enough to tell whether it is at work.</param>
/// <param name="Bytes">Bytes that were allocated in 10 ms.</param>
internal readonly record struct IdleWindow(double Run, double Busy, bool IsStarved, long Bytes)
{
    private const double BusyShare = 0.5;
    private const long AllocatedBytes = 64 << 10;

    // Beside heavy load a thread with a moment's work waits for a processor a thousand times as long as it works. One that is at work gets
    // its share: with forty others on two processors a twentieth.
    private const double LeastShare = 0.02;

    public bool Allocates => Bytes >= AllocatedBytes;

    public bool IsQuiet => Busy < BusyShare && !Allocates;

    /// <summary>Whether a longer window would say the same.</summary>
    public bool IsDecided => !IsStarved || Busy >= BusyShare;

    /// <param name="threads">Seconds that each thread was on a processor, and in wait of one.</param>
    /// <param name="seconds">Length of the window.</param>
    /// <param name="bytes">Bytes that were allocated in 10 ms.</param>
    public static IdleWindow Of(IReadOnlyList<(double Run, double Wait)> threads, double seconds, long bytes) => new(
        threads.Sum(thread => thread.Run),
        threads.Where(IsAtWork).Sum(thread => thread.Run + thread.Wait) / seconds,
        threads.Any(thread => !IsAtWork(thread) && thread.Wait > BusyShare * seconds),
        bytes);

    private static bool IsAtWork((double Run, double Wait) thread) => thread.Run >= LeastShare * (thread.Run + thread.Wait);
}
