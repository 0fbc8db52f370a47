namespace Kernels.Report.Png;

/// <summary>One shape of a drawing.</summary>
/// <param name="Paint">How it is filled and outlined.</param>
public abstract record SvgShape(SvgPaint Paint)
{
    /// <summary>A path, or a shape converted to one.</summary>
    /// <param name="Commands">SVG path data.</param>
    /// <param name="Paint">How it is filled and outlined.</param>
    public sealed record Path(string Commands, SvgPaint Paint) : SvgShape(Paint);

    /// <summary>A line of text.</summary>
    /// <param name="Content">The text, its white space collapsed.</param>
    /// <param name="Paint">How the letters are filled and outlined.</param>
    public sealed record Text(string Content, SvgPaint Paint) : SvgShape(Paint)
    {
        /// <summary>Horizontal position.</summary>
        public required double X { get; init; }

        /// <summary>Position of the baseline.</summary>
        public required double Y { get; init; }

        /// <summary>Height of the font in pixels.</summary>
        public required double Size { get; init; }

        /// <summary>Weight of the font: 400 is normal, 700 bold.</summary>
        public required int Weight { get; init; }

        /// <summary>Its alignment to the position.</summary>
        public required TextAnchor Anchor { get; init; }

        /// <summary>Clockwise degrees around its position.</summary>
        public required double Rotation { get; init; }
    }
}
