using Kernels.Report.Model;

namespace Kernels.Report.Charts;

/// <summary>How a kernel is drawn everywhere: colour and marker by family, dashes and filling by its rank in the family.</summary>
/// <param name="Paint">Colour.</param>
/// <param name="Marker">Shape of its points.</param>
/// <param name="Hollow">Whether the points are outlines.</param>
/// <param name="Dashes">Pixels drawn and left out in turn; empty for a solid line.</param>
public sealed record SeriesStyle(Paint Paint, Marker Marker, bool Hollow, IReadOnlyList<int> Dashes)
{
    private static readonly int[][] DashPatterns = [[], [7, 3], [2, 3], [9, 3, 2, 3], [14, 4], [5, 2, 1, 2, 1, 2]];

    /// <summary>
    /// The style of the kernel that has <paramref name="rank"/> others of its family before it. Families beyond the sixth, and unknown
    /// ones, share a marker. All peers, and no other kernels, are hollow stars on dashed lines.
    /// </summary>
    public static SeriesStyle Of(string family, int rank)
    {
        if (family == Families.Peer)
            return new(Palette.Family(family), Marker.Star, true, DashPatterns[1 + rank % (DashPatterns.Length - 1)]);
        int place = Families.All.TakeWhile(known => known.Name != family).Count();
        // Hollow and filled are swapped when the dash patterns repeat, so that twelve kernels of a family differ.
        bool hollow = (rank + rank / DashPatterns.Length) % 2 == 1;
        return new(Palette.Family(family), (Marker)Math.Min(place, (int)Marker.Plus), hollow, DashPatterns[rank % DashPatterns.Length]);
    }
}
