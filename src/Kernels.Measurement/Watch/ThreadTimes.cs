namespace Kernels.Measurement.Watch;

/// <summary>
/// How long the threads of this process have been on a processor and, on Linux, in wait of one, so that other load does not hide a thread
/// that is at work. Elsewhere only the processor time of the process is known.
/// </summary>
internal sealed class ThreadTimes
{
    private const string Tasks = "/proc/self/task";

    // The runtime compiles methods again in the background, for some time after a kernel's first calls, and collects what the process
    // allocated long before. What a kernel allocates is counted as such.
    private static readonly string[] ofRuntime = [".NET Tiered", ".NET BGC", ".NET Server GC"];

    private readonly Dictionary<string, (double Run, double Wait)> threads = [];

    /// <summary>Reads the times of all threads but the calling one and the runtime's compiler and collector.</summary>
    public ThreadTimes()
    {
        if (!OperatingSystem.IsLinux())
        {
            threads[""] = (Environment.CpuUsage.TotalTime.TotalSeconds, 0);
            return;
        }
        string own = Path.GetFileName(new DirectoryInfo("/proc/thread-self").LinkTarget) ?? "";
        foreach (string task in Directory.EnumerateDirectories(Tasks).Where(task => Path.GetFileName(task) != own))
        {
            try
            {
                string name = File.ReadAllText($"{task}/comm");
                if (!ofRuntime.Any(each => name.StartsWith(each, StringComparison.Ordinal)))
                    threads[task] = Parse(File.ReadAllText($"{task}/schedstat"));
            }
            catch (IOException)
            {
                // The thread has ended, or the system keeps no such figures.
            }
        }
    }

    /// <summary>Seconds of each thread on a processor, and in wait of one, since earlier times; threads that began or ended meanwhile are left out.</summary>
    public IEnumerable<(double Run, double Wait)> Since(ThreadTimes earlier)
    {
        foreach ((string thread, (double Run, double Wait) now) in threads)
        {
            if (earlier.threads.TryGetValue(thread, out (double Run, double Wait) before))
                yield return (now.Run - before.Run, now.Wait - before.Wait);
        }
    }

    // Nanoseconds on a processor, nanoseconds in wait of one, turns.
    private static (double Run, double Wait) Parse(string statistics)
    {
        string[] numbers = statistics.Split(' ');
        return (double.Parse(numbers[0]) / 1e9, double.Parse(numbers[1]) / 1e9);
    }
}
