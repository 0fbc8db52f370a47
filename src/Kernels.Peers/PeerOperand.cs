using Kernels.Abstractions;

namespace Kernels.Peers;

/// <summary>An <see cref="Operand"/> as peers read it; its name is the key under which it stands.</summary>
/// <param name="Role"><c>input</c>, <c>output</c> or <c>accumulated</c>.</param>
/// <param name="Element">Format of its numbers.</param>
/// <param name="Shape">Batch, heads, tokens and channels.</param>
internal sealed record PeerOperand(string Role, string Element, IReadOnlyList<int> Shape)
{
    /// <summary>Of <c>load</c>: where its numbers are; absent for an output.</summary>
    public string? File { get; init; }

    /// <summary>Writes down an operand.</summary>
    public static PeerOperand Of(Operand operand)
    {
        Layout layout = operand.Layout;
        return new(
            operand.Role.ToString().ToLowerInvariant(), operand.Element.Text(), [layout.Batch, layout.Heads, layout.Tokens, layout.Channels]);
    }
}
