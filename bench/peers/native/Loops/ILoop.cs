namespace Kernels.NativePeers.Loops;

/// <summary>An operator with its inputs, ready to be called again and again.</summary>
internal interface ILoop : IDisposable
{
    /// <summary>Computes once, and frees what the library allocated for the results.</summary>
    void Call();
}
