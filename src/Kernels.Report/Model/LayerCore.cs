namespace Kernels.Report.Model;

/// <summary>The attention kernel within a layer, which its name has behind a plus: <c>layer+kernel</c>.</summary>
public static class LayerCore
{
    /// <summary>The attention of a tiled layer that names no other.</summary>
    public const string Own = "flash";

    /// <summary>Name of the attention kernel that stands in place of a layer's own; null where none does.</summary>
    public static string? Of(string kernel) => kernel.Split('+') is [_, var core] ? core : null;

    /// <summary>The attention in words.</summary>
    public static string Words(string kernel) => Of(kernel) ?? Own;

    /// <summary>Whether no score is written to memory.</summary>
    public static bool IsFlash(string kernel) => Families.OfName(Words(kernel)) == Own;
}
