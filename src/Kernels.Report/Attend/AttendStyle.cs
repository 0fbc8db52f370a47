using Kernels.Report.Html;

namespace Kernels.Report.Attend;

/// <summary>Style sheet and scripts of the page, all written into it.</summary>
internal static class AttendStyle
{
    // In the order in which they build on each other.
    private static readonly string[] scripts =
    [
        "attend-math.js", "attend-colours.js", "attend-controls.js", "attend-tokens.js", "attend-map.js", "attend-cursor.js",
        "attend-arcs.js", "attend-heads.js", "attend-link.js", "attend.js",
    ];

    /// <summary>The style sheet: that of the report, and what this page has besides.</summary>
    public static string Text { get; } = PageStyle.Text + WeightColours.Css + PageStyle.Embedded("attend.css");

    /// <summary>The scripts.</summary>
    public static IReadOnlyList<string> Scripts { get; } = [.. scripts.Select(PageStyle.Embedded)];
}
