using Kernels.Results;

namespace Kernels.Report.Attend;

/// <summary>The heat map of one head as a PNG file, in the colours and the font of the report's pictures.</summary>
public static class AttendPicture
{
    /// <summary>
    /// Writes the picture, whole or not at all. Signs that Inter does not have, such as emoji, appear as empty boxes: the picture is the
    /// same on every machine, whatever fonts it has.
    /// </summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="capture">The text.</param>
    /// <param name="view">Which of its views.</param>
    /// <param name="layer">From 0.</param>
    /// <param name="head">From 0.</param>
    /// <param name="multiple">The scale as a multiple of 1/√d: 1 is that of the model.</param>
    /// <exception cref="ArgumentException">The capture has no such view, layer or head.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there is as it was.</exception>
    public static void Write(string path, AttentionCapture capture, AttentionViewKind view, int layer, int head, double multiple = 1)
    {
        byte[] png = Png(capture, view, layer, head, multiple);
        WholeFile.Write(path, stream => stream.Write(png));
    }

    /// <summary>The picture itself; arguments and errors as in <see cref="Write"/>.</summary>
    public static byte[] Png(AttentionCapture capture, AttentionViewKind view, int layer, int head, double multiple = 1)
    {
        AttentionView shown = capture.View(view);
        AttentionWeights weights = AttentionWeights.Of(shown, layer, head, multiple);
        string name = layer == 0 && head < capture.HeadNames.Count ? $" ({capture.HeadNames[head]})" : "";
        string kind = view.ToString().ToLowerInvariant();
        return AttentionMapPicture.Of(new AttentionMap
        {
            Title = $"{capture.Model}, layer {layer + 1}, head {head + 1}{name}",
            Subtitle = $"{kind}, scale {multiple:0.##}/√{shown.Tensors.HeadDim}, mean entropy {weights.MeanEntropy:F2} bits",
            View = shown,
            Weights = weights,
        }).Png();
    }
}
