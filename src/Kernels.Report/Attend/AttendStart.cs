using Kernels.Results;

namespace Kernels.Report.Attend;

/// <summary>What a page shows to begin with; layers and heads count from 0 here, and from 1 in the page.</summary>
public sealed record AttendStart
{
    /// <summary>Smallest and largest scale of the page's slider, as multiples of 1/√d.</summary>
    public const double LowestMultiple = 0.2, HighestMultiple = 3;

    /// <summary>The layer; null for that of the head which links the first query to its key most strongly.</summary>
    public int? Layer { get; init; }

    /// <summary>The head; null as above.</summary>
    public int? Head { get; init; }

    /// <summary>The view; null for the first of the capture.</summary>
    public AttentionViewKind? View { get; init; }

    /// <summary>The scale as a multiple of 1/√d.</summary>
    public double Multiple { get; init; } = 1;

    /// <summary>Refuses what the first capture does not have.</summary>
    /// <exception cref="UserError">The layer, head, view or scale is none of the capture's.</exception>
    internal void Require(AttentionCapture capture)
    {
        AttentionView view = capture.Views.FirstOrDefault(view => View is null || view.Kind == View)
            ?? throw new UserError($"{capture.Model} has no {View.ToString()!.ToLowerInvariant()} view of this text.");
        Require("layer", Layer, view.Tensors.Layers);
        Require("head", Head, view.Tensors.Heads);
        if (!(Multiple >= LowestMultiple && Multiple <= HighestMultiple))
            throw new UserError($"The scale is {LowestMultiple} to {HighestMultiple} times 1/√d, not {Multiple}.");
    }

    private static void Require(string what, int? index, int count)
    {
        if (index < 0 || index >= count)
            throw new UserError($"There is no {what} {index + 1}; {what}s are 1 to {count}.");
    }
}
