using Kernels.NativePeers.Protocol;

namespace Kernels.NativePeers.Operators;

/// <summary>One way in which a library computes attention.</summary>
internal interface IOperator
{
    /// <summary>Why it cannot compute something, in words for the report; null when it can.</summary>
    string? Refusal(Attention attention);

    /// <summary>Brings the operands into the layout that the library wants, and prepares everything for the first call.</summary>
    /// <param name="attention">Something that is not refused.</param>
    /// <param name="threads">How many the library uses, the calling one included.</param>
    LoadedCall Load(Attention attention, int threads);
}
