using System.Runtime.ExceptionServices;

namespace Kernels.Abstractions;

/// <summary>
/// Work on a thread of its own that ends with it: an affinity, a priority or a floating-point mode that a kernel leaves behind reaches
/// nothing that runs later.
/// </summary>
public static class OwnThread
{
    /// <summary>Runs the work and waits for it; an exception of the work is rethrown.</summary>
    public static T Run<T>(Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception thrown)
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
            }
        })
        { IsBackground = true, Name = "kernel" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
