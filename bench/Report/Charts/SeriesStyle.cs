namespace Kernels.Bench.Report.Charts;

/// <summary>How a kernel is drawn everywhere: colour and marker by family, dashes and filling by its rank in the family.</summary>
/// <param name="Paint">Colour.</param>
/// <param name="Marker">Shape of its points.</param>
/// <param name="Hollow">Whether the points are outlines.</param>
/// <param name="Dashes">SVG dash pattern; null for a solid line.</param>
public sealed record SeriesStyle(Paint Paint, Marker Marker, bool Hollow, string? Dashes)
{
    private static readonly string?[] DashPatterns = [null, "7 3", "2 3", "9 3 2 3", "14 4", "5 2 1 2 1 2"];

    private static readonly string[] FamiliesByMarker = ["naive", "simd", "flash", "sparse", "linear", "gpu", "peer"];

    /// <summary>The style of the kernel that has <paramref name="rank"/> others of its family before it.</summary>
    public static SeriesStyle Of(string family, int rank)
    {
        int known = Array.IndexOf(FamiliesByMarker, family);
        return new(
            Palette.Family(family), known < 0 ? Marker.Plus : (Marker)known, rank % 2 == 1, DashPatterns[rank % DashPatterns.Length]);
    }
}
