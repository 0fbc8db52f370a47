namespace Kernels.Abstractions;

/// <summary>Chooses the executor of a kernel.</summary>
public static class Executors
{
    /// <summary>
    /// The kernel's backend where it has one, otherwise the calling thread for one thread, otherwise a team. The caller disposes it.
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
