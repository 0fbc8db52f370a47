namespace Kernels.Peers;

/// <summary>A peer crashed, hung, answered rubbish or reported an error; the message says which, in one line.</summary>
public sealed class PeerException(string message) : Exception(message);
