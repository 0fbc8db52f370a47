using System.Reflection;
using ScottPlot;
using SkiaSharp;

namespace Kernels.Report.Pictures;

/// <summary>
/// The font of all pictures: Inter, from the resources of the package Avalonia.Fonts.Inter. Without a font of its own, a picture has no
/// text on a machine where none is installed.
/// </summary>
internal sealed class InterFont : IFontResolver
{
    /// <summary>Its name in files.</summary>
    public const string Name = "Inter";

    private const string Package = "Report.Inter.dll", Resource = "!AvaloniaResources";

    private static readonly SKTypeface Regular = Load("Inter-Regular.ttf"), SemiBold = Load("Inter-SemiBold.ttf");

    /// <summary>The font at a size in pixels.</summary>
    public static SKFont Of(float size, bool bold = false) => new(bold ? SemiBold : Regular, size) { Subpixel = true, Edging = SKFontEdging.Antialias };

    /// <summary>Width of a text in pixels.</summary>
    public static float Width(string text, float size, bool bold = false)
    {
        using SKFont font = Of(size, bold);
        return font.MeasureText(text);
    }

    /// <inheritdoc/>
    public SKTypeface CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) =>
        weight >= FontWeight.SemiBold ? SemiBold : Regular;

    /// <inheritdoc/>
    public SKTypeface CreateTypeface(string fontName, bool bold, bool italic) => bold ? SemiBold : Regular;

    // The resource begins with the length of an index, its version and its entries: name, offset behind the index, and size.
    private static SKTypeface Load(string name)
    {
        using var assembly = new MemoryStream();
        using (Stream package = typeof(InterFont).Assembly.GetManifestResourceStream(Package)!)
            package.CopyTo(assembly);
        using Stream stream = Assembly.Load(assembly.ToArray()).GetManifestResourceStream(Resource)!;
        using var reader = new BinaryReader(stream);
        int indexLength = reader.ReadInt32();
        _ = reader.ReadInt32();
        for (int entries = reader.ReadInt32(); entries > 0; entries--)
        {
            (string file, int offset, int size) = (reader.ReadString(), reader.ReadInt32(), reader.ReadInt32());
            if (!file.EndsWith(name, StringComparison.Ordinal))
                continue;
            stream.Position = sizeof(int) + indexLength + offset;
            return SKTypeface.FromData(SKData.CreateCopy(reader.ReadBytes(size)));
        }
        throw new InvalidOperationException($"{Package} has no font {name}.");
    }
}
