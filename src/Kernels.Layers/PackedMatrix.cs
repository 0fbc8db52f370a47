using Kernels.Abstractions;
using Kernels.Primitives;

namespace Kernels.Layers;

/// <summary>
/// A matrix [depth, parts · width] that a state is multiplied by at every step, as panels of <see cref="Panel.Columns"/> columns in the order in which they are
/// read: [group of columns, part, depth, <see cref="Panel.Columns"/>], and its bias likewise; what is beyond the width is zero.
/// </summary>
internal sealed unsafe record PackedMatrix
{
    /// <summary>Panels.</summary>
    public required Rows Panels { get; init; }

    /// <summary>Place of the matrix.</summary>
    public required int Matrix { get; init; }

    /// <summary>Place of the bias; null without.</summary>
    public int? Bias { get; init; }

    /// <summary>Rows of the matrix.</summary>
    public required int Depth { get; init; }

    /// <summary>Columns of a part.</summary>
    public required int Width { get; init; }

    /// <summary>Parts side by side, the gates.</summary>
    public required int Parts { get; init; }

    /// <summary>Operations of a product with one row.</summary>
    public double Flops => 2.0 * Depth * Width * Parts;

    /// <summary>Groups of columns.</summary>
    public int Groups => Panel.Count(Width);

    /// <summary>Floats of all panels and biases.</summary>
    public static long Length(int depth, int width, int parts) => CacheLine.Floats + (long)Panel.Count(width) * parts * Panel.Columns * (depth + 1L);

    /// <summary>A panel, [depth, <see cref="Panel.Columns"/>], on a cache line.</summary>
    public float* PanelOf(in Call call, int group, int part) => CacheLine.Align(Panels.Of(call)) + ((nint)group * Parts + part) * Panel.Columns * Depth;

    /// <summary>The biases of a group, [parts, <see cref="Panel.Columns"/>].</summary>
    public float* Biases(in Call call, int group) => PanelOf(call, Groups, 0) + (nint)group * Parts * Panel.Columns;
}

/// <summary>Copies a matrix into panels, once a call. An item is a panel.</summary>
internal sealed unsafe class PackStep(PackedMatrix packed) : LayerStep
{
    /// <inheritdoc/>
    public override int Items => packed.Groups * packed.Parts;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        (int group, int part) = Math.DivRem(item, packed.Parts);
        int begin = group * Panel.Columns, columns = Math.Min(Panel.Columns, packed.Width - begin), stride = packed.Parts * packed.Width;
        float* source = (float*)call[packed.Matrix].Start + part * packed.Width + begin, panel = packed.PanelOf(call, group, part);
        for (int row = 0; row < packed.Depth; row++)
            Copy(source + (nint)row * stride, panel + (nint)row * Panel.Columns, columns);
        if (packed.Bias is { } bias)
            Copy((float*)call[bias].Start + part * packed.Width + begin, packed.Biases(call, group) + part * Panel.Columns, columns);
    }

    private static void Copy(float* source, float* destination, int columns)
    {
        new ReadOnlySpan<float>(source, columns).CopyTo(new Span<float>(destination, columns));
        new Span<float>(destination + columns, Panel.Columns - columns).Clear();
    }
}
