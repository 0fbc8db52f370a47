namespace Kernels.Bench.Report.Charts;

/// <summary>Every colour of charts and page.</summary>
public static class Palette
{
    // Okabe and Ito's colour-blind-safe set, darkened until text in them is readable on white.
    private static readonly Paint[] Families =
    [
        new("naive", "#5a6270", "#b3bac7"),
        new("simd", "#0067a3", "#62b5f0"),
        new("flash", "#bf4a00", "#ff9a5c"),
        new("sparse", "#00755a", "#45cfa2"),
        new("linear", "#a13c7c", "#e9a0cd"),
        new("gpu", "#7a5c00", "#eec750"),
        new("peer", "#8c1d40", "#ff8fae"),
    ];

    private static readonly Paint OtherFamily = new("other", "#3b3f9e", "#a9aef5");

    /// <summary>Text.</summary>
    public static Paint Ink { get; } = new("ink", "#1f2430", "#e8eaf0");

    /// <summary>Tick labels and notes.</summary>
    public static Paint Muted { get; } = new("muted", "#5b6474", "#a3abbb");

    /// <summary>Labelled grid lines.</summary>
    public static Paint Grid { get; } = new("grid", "#dfe3ea", "#343a47");

    /// <summary>Grid lines between them.</summary>
    public static Paint Minor { get; } = new("minor", "#f0f2f6", "#262b36");

    /// <summary>Frame of a plot.</summary>
    public static Paint Frame { get; } = new("frame", "#aab2bf", "#5a6375");

    /// <summary>Background of a chart.</summary>
    public static Paint Surface { get; } = new("surface", "#ffffff", "#181c25");

    /// <summary>Every role, for the page's style.</summary>
    public static IReadOnlyList<Paint> All { get; } = [Ink, Muted, Grid, Minor, Frame, Surface, .. Families, OtherFamily];

    /// <summary>The colour of a kernel family; families that are not known share one.</summary>
    public static Paint Family(string family) => Array.Find(Families, paint => paint.Role == family) ?? OtherFamily;
}
