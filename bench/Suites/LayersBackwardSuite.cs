using Kernels.Abstractions;
using Kernels.Measurement;

namespace Kernels.Bench.Suites;

/// <summary>
/// The backward passes of the pieces of a layer of BERT-base, and of what Llama has in their place, on rows of the same widths; textbook kernels on few
/// rows, and what costs float64 a minute on fewer than the rest.
/// </summary>
internal static class LayersBackwardSuite
{
    private static readonly SuiteKernels pieces =
        new("layers-tiled-projection-backward", "layers-tiled-norm-backward*", "layers-tiled-rope-backward");

    public static Suite Suite { get; } = new()
    {
        Name = "layers-backward",
        Summary = "backward passes of projections, norms, feed-forward networks and rotary positions of width 768, 16 … 2048 tokens, 1 and all threads",
        Entries =
        [
            .. from length in new[] { 16, 128, 512, 2048 }
               let core = NamedShapes.BertBase.Problem
               let layer = new AttentionProblem(core.Batch, core.Heads, core.KvHeads, length, length, core.HeadDim)
               from entry in (SuiteEntry[])
               [
                   new(new NamedProblem("square-backward", new LayerProblem(layer, 768, 768)), SuiteThreads.OneAndAll)
                   {
                       Kernels = new SuiteKernels("layers-tiled-projection-backward"),
                   },
                   new(new NamedProblem("bert-base-backward", new LayerProblem(layer, 768)), SuiteThreads.OneAndAll)
                   {
                       Kernels = length switch
                       {
                           <= 16 => pieces.With("layers-tiled-feed-forward-backward*", "layers-naive-*-backward*"),
                           <= 512 => pieces.With("layers-tiled-feed-forward-backward*"),
                           _ => pieces,
                       },
                   },
               ]
               select entry,
        ],
        CaseTime = TimeSpan.FromSeconds(0.8),
        CaseLimit = TimeSpan.FromSeconds(120),
    };
}
