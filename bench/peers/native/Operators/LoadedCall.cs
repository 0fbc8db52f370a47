using Kernels.NativePeers.Memory;
using Kernels.NativePeers.Protocol;

namespace Kernels.NativePeers.Operators;

/// <summary>A call of an operator with its operands in place.</summary>
internal abstract class LoadedCall : IDisposable
{
    /// <summary>Whether the library allocates the results of each call, so that they have to be given back before the next.</summary>
    public virtual bool AllocatesResults => false;

    /// <summary>
    /// Puts other numbers in place of the operands, of the same operation, problem, formats and threads, where the library keeps memory from call to call that
    /// it would have to take anew.
    /// </summary>
    /// <returns>Whether it did; otherwise a new call does.</returns>
    public virtual bool TryReload(Attention attention) => false;

    /// <summary>Makes the results of earlier calls unusable: fills them with NaN, or gives them back.</summary>
    public abstract void Forget();

    /// <summary>Computes. This is what is timed.</summary>
    public abstract void Run();

    /// <summary>What the last call computed for an output, where and as the library left it.</summary>
    public abstract View Result(string output);

    public abstract void Dispose();
}
