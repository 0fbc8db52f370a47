using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>
/// Runs whole calls of a kernel in place of the threads of this process: a device with its own memory, or another program. A call of such a
/// kernel has one work item, which copies the inputs to the backend and the outputs back.
/// </summary>
public abstract class Backend
{
    /// <summary>Name for the report: a device and its driver, or a library and its version.</summary>
    public abstract string Name { get; }

    /// <summary>Version of the library; null when it has none or does not report one.</summary>
    public virtual string? Version => null;

    /// <summary>Whether it emulates hardware; its times are meaningless and are not taken.</summary>
    public virtual bool IsEmulated => false;

    /// <summary>
    /// Whether the backend's own clock times a call, because the copies belong to the suite and not to the kernel. Otherwise the calling
    /// thread times the call end to end, and the device's clock times the launches alone.
    /// </summary>
    public virtual bool TimesItself => false;

    /// <summary>Whether the caller sets its number of threads; a device schedules its own.</summary>
    public virtual bool TakesThreads => false;

    /// <summary>Whether its results are undefined for NaN and infinite inputs.</summary>
    public virtual bool FiniteInputsOnly => false;

    /// <summary>Why it is no longer used although it is present; null while it works.</summary>
    public virtual string? Failure => null;

    /// <summary>The most threads that it kept busy so far, by the number that it was given; empty when it does not report them.</summary>
    public virtual IReadOnlyDictionary<int, double> ThreadsBusy => ImmutableDictionary<int, double>.Empty;

    /// <summary>Measures its peaks now; null when they cannot be measured.</summary>
    public virtual DevicePeaks? MeasurePeaks() => null;

    /// <summary>Computes a call; the inputs may have changed since the last one.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="call">Operands.</param>
    /// <param name="threads">Threads to compute with, where it <see cref="TakesThreads"/>.</param>
    public virtual void Run(Kernel kernel, in Call call, int threads) => kernel.Compute(call, 0, 0);

    /// <summary>Forgets the inputs of earlier calls: those of the next call are others.</summary>
    public virtual void InputsChanged()
    {
    }

    /// <summary>
    /// Nanoseconds of each of several consecutive calls, by its own clock, without the preparation (such as copies) of the
    /// inputs. Calls with the same <see cref="Call.Memory"/> have the same inputs until <see cref="InputsChanged"/>.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="call">Operands; the outputs are those of the last call.</param>
    /// <param name="calls">At least 1.</param>
    /// <param name="threads">Threads to compute with, where it <see cref="TakesThreads"/>.</param>
    /// <param name="stop">Cancels, in the middle of a call where possible.</param>
    public abstract double[] Nanoseconds(Kernel kernel, in Call call, int calls, int threads, CancellationToken stop);
}

/// <summary>Passes calls to the <see cref="Backend"/> of their kernel.</summary>
/// <param name="threads">At least 1.</param>
public sealed class BackendExecutor(int threads) : IExecutor
{
    /// <inheritdoc/>
    public int Threads => threads;

    /// <inheritdoc/>
    public void Run(Kernel kernel, in Call call) => kernel.Backend!.Run(kernel, call, threads);

    /// <summary>Does nothing: the kernel owns the backend.</summary>
    public void Dispose()
    {
    }
}
