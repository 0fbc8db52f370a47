namespace Kernels.NativePeers.Protocol;

/// <summary>A request cannot be answered; the message says why in one line, and becomes the answer's <c>error</c>.</summary>
internal sealed class RequestException(string message) : Exception(message);
