using Kernels.Abstractions;

namespace Kernels.Bench.Commands.Selection;

/// <summary>A mask chosen by name.</summary>
public static class MaskSelection
{
    /// <summary>Reads one mask name, see <see cref="MaskName"/>.</summary>
    /// <exception cref="UserError">It is none.</exception>
    public static AttentionMask Parse(string name) =>
        MaskName.TryParse(name.ToLowerInvariant(), out AttentionMask? mask) ? mask : throw Nearest.Unknown("mask", name, MaskName.Forms);
}
