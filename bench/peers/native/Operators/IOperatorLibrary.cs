namespace Kernels.NativePeers.Operators;

/// <summary>A library with operators.</summary>
internal interface IOperatorLibrary
{
    /// <summary>Loads the native library and says its name and version.</summary>
    /// <exception cref="DllNotFoundException">It, or what it needs, is missing or of another system; the message is one line.</exception>
    string Load();

    /// <summary>An operator by the name that it has in peer.json; null when there is none. To be asked after <see cref="Load"/>.</summary>
    IOperator? Find(string name);
}
