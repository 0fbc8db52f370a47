using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Measurement.Ceiling;
using Kernels.Measurement.Machine;

namespace Kernels.Measurement.Cases;

/// <summary>
/// Empties the caches of data: every processor reads its part of a buffer of four times the largest cache. It reads and does not write,
/// because lines that were written would have to be stored while the kernel runs, at its cost. A thread on each processor, because one
/// thread leaves the inner caches of the others as they are.
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

    /// <summary>Leaves nothing of what was there in the caches. Allocates nothing.</summary>
    public void Evict()
    {
        team.Run(read);
        // The threads of the team spin for the next piece of work before they sleep, on processors that the kernel may want.
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
