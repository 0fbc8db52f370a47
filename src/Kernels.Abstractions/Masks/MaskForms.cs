namespace Kernels.Abstractions;

/// <summary>Every kind of mask. Command line, gate pictures and tests read this one list.</summary>
public static class MaskForms
{
    /// <summary>All of them; a new mask of this suite is one file and one line here.</summary>
    public static IReadOnlyList<MaskForm> All { get; private set; } =
    [
        FullMask.Form,
        CausalMask.Form,
        WindowMask.Form,
        DilatedWindow.Form,
        LongNet.Form,
        RandomBlocks.Form,
        BlockMatrix.Form,
        BigBird.Form,
        Longformer.Form,
        StridedPattern.Form,
        FixedPattern.Form,
    ];

    /// <summary>Adds a mask of a user's own assembly, once, before names are read.</summary>
    public static void Add(MaskForm form) => All = [.. All, form];
}
