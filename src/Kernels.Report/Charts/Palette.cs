using Kernels.Report.Model;

namespace Kernels.Report.Charts;

/// <summary>Every colour of charts and page.</summary>
public static class Palette
{
    private static readonly Paint[] FamilyPaints = [.. Families.All.Select(family => new Paint(family.Name, family.Light, family.Dark))];

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
    public static IReadOnlyList<Paint> All { get; } = [Ink, Muted, Grid, Minor, Frame, Surface, .. FamilyPaints, OtherFamily];

    /// <summary>The colour of a kernel family; families that are not known share one.</summary>
    public static Paint Family(string family) => Array.Find(FamilyPaints, paint => paint.Role == family) ?? OtherFamily;
}
