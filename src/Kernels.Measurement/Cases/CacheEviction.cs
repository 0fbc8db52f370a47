using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Measurement.Ceiling;
using Kernels.Measurement.Machine;

namespace Kernels.Measurement.Cases;

/// <summary>
/// Empties the data caches: every processor reads its part of a buffer of four times the largest cache. It only reads, because dirty lines
/// would be written back during the kernel's time. One thread on each processor, because a thread evicts only its own inner caches.
/// </summary>
internal sealed class CacheEviction : IDisposable
{
    private const int FloatsPerCacheLine = 16;

    // Four times as long as a WorkerTeam spins.
    private const double SecondsToSleep = 400e-6;

    private readonly WorkerTeam team = new(Environment.ProcessorCount);
    private readonly FilledMemory memory;
    private readonly long floatsPerThread;
    private readonly float[] sink;
    private readonly Action<int> read;

    /// <summary>Allocates the buffer.</summary>
    public CacheEviction()
    {
        floatsPerThread = Bytes / sizeof(float) / team.Threads;
        memory = new FilledMemory(floatsPerThread * team.Threads);
        sink = new float[team.Threads];
        read = Read;
    }

    /// <summary>Size of the buffer.</summary>
    public static long Bytes { get; } = WorkingSet.BytesBeyondCaches(CacheSizes.Read());

    /// <summary>Empties the caches. Allocates nothing.</summary>
    public void Evict()
    {
        team.Run(read);
        // Wait until the threads of the team stop spinning and sleep, so that their processors are free for the kernel.
        long end = Stopwatch.GetTimestamp() + (long)(SecondsToSleep * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < end)
            Thread.SpinWait(1);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        team.Dispose();
        memory.Dispose();
    }

    private unsafe void Read(int thread)
    {
        float* begin = memory.Floats + thread * floatsPerThread, end = begin + floatsPerThread;
        float sum = 0;
        for (float* line = begin; line < end; line += FloatsPerCacheLine)
            sum += *line;
        Volatile.Write(ref sink[thread], sum);
    }
}
