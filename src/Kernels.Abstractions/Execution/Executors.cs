namespace Kernels.Abstractions;

/// <summary>Which executor runs a kernel.</summary>
public static class Executors
{
    /// <summary>
    /// What runs the kernel on a number of threads: its backend where it has one, else this thread, else a team. The caller disposes it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public static IExecutor For(Kernel kernel, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        return kernel.Backend is not null ? new BackendExecutor(threads)
            : threads > 1 ? new Team(threads)
            : SerialExecutor.Instance;
    }
}
