namespace Kernels.Report.Attend;

/// <summary>What the heads of a model attend to in one text: one entry of the page's chooser.</summary>
public sealed class AttentionCapture
{
    private const string Masked =
        "The mask is put on the scores of the head that is shown, alone: "
        + "its queries and keys are those that the model computed without a mask.";

    private readonly AttentionView[] views;

    /// <summary>Makes a capture; a self view without a causal one brings the causal view of the same queries and keys with it.</summary>
    /// <param name="views">At least one, each kind once.</param>
    /// <exception cref="ArgumentException">There is no view, or two of one kind.</exception>
    public AttentionCapture(params IReadOnlyList<AttentionView> views)
    {
        if (views.Count == 0 || views.DistinctBy(view => view.Kind).Count() < views.Count)
            throw new ArgumentException("A capture has at least one view, and one of a kind.", nameof(views));
        IEnumerable<AttentionView> all = views;
        if (Find(views, AttentionViewKind.Self) is { } self && Find(views, AttentionViewKind.Causal) is null)
            all = all.Append(new AttentionView(AttentionViewKind.Causal, self.QueryTokens, self.KeyTokens, self.Tensors, Masked));
        this.views = [.. all.OrderBy(view => view.Kind)];
    }

    /// <summary>Name in the chooser: as a rule the text itself.</summary>
    public required string Title { get; init; }

    /// <summary>The whole text.</summary>
    public required string Text { get; init; }

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>What the numbers are, in one or two sentences: of which trained model, or that the weights were made by hand.</summary>
    public required string Source { get; init; }

    /// <summary>Names of the heads of the first layer; empty for those of trained models, which have none.</summary>
    public IReadOnlyList<string> HeadNames { get; init; } = [];

    /// <summary>The views, in the order self, causal, cross.</summary>
    public IReadOnlyList<AttentionView> Views => views;

    /// <summary>The view of a kind.</summary>
    /// <exception cref="ArgumentException">The capture has none.</exception>
    public AttentionView View(AttentionViewKind kind) =>
        Find(views, kind) ?? throw new ArgumentException($"The capture “{Title}” has no {kind} view.", nameof(kind));

    private static AttentionView? Find(IReadOnlyList<AttentionView> views, AttentionViewKind kind) =>
        views.FirstOrDefault(view => view.Kind == kind);
}
