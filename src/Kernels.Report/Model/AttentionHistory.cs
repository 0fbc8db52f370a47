using Kernels.Abstractions;

namespace Kernels.Report.Model;

/// <summary>
/// How attention came about, as a ladder at one length: each step is the fastest kernel of its operation, above that of the idea before it. The operations
/// differ, in what they compute and in how much.
/// </summary>
/// <param name="Models">The measured operations.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Length">The length with the most steps, the longest of these.</param>
/// <param name="Steps">At least two, in order.</param>
public sealed record AttentionHistory(SequenceModels Models, int Threads, int Length, IReadOnlyList<AttentionHistory.Step> Steps)
{
    private static readonly (string Title, string Idea, string Operation, Func<string, bool> Takes)[] order =
    [
        ("fixed context", "the decoder sees the encoder's last state alone (Cho et al. 2014)", Operations.SequenceToSequence.Name, _ => true),
        ("additive attention", "every step sees all states, weighted by a small network (Bahdanau et al. 2015)",
            Operations.SequenceToSequenceAdditive.Name, _ => true),
        ("dot-product attention", "weighted by dot products, which are matrix products (Luong et al. 2015)", Operations.SequenceToSequenceDot.Name, _ => true),
        ("multi-head attention", "no recurrence: all rows attend to all rows at once (Vaswani et al. 2017); scores in memory", Operations.MultiHead.Name,
            kernel => !LayerCore.IsFlash(kernel)),
        ("flash attention", "the same function; scores stay in registers and cache (Dao et al. 2022)", Operations.MultiHead.Name, LayerCore.IsFlash),
    ];

    /// <summary>The ladder on some threads; null where fewer than two of its steps were measured at one length.</summary>
    public static AttentionHistory? Of(SequenceModels models, int threads) => models.Lengths
        .Select(length => new AttentionHistory(models, threads, length, [.. StepsAt(models, threads, length)]))
        .Where(history => history.Steps.Count > 1)
        .OrderByDescending(history => history.Steps.Count).ThenByDescending(history => history.Length)
        .FirstOrDefault();

    private static IEnumerable<Step> StepsAt(SequenceModels models, int threads, int length)
    {
        ReportCase? before = null;
        foreach ((string title, string idea, string operation, Func<string, bool> takes) in order)
        {
            if (models.Lines(threads).Where(line => line.Points[0].Workload.Operation == operation && takes(line.Kernel))
                .Select(line => line.At(length)).OfType<ReportCase>()
                .MinBy(shown => shown.Nanoseconds) is not { } fastest)
                continue;
            yield return new(title, idea, fastest, before is null ? null : Ratio.Of(fastest, before));
            before = fastest;
        }
    }

    /// <summary>A step.</summary>
    /// <param name="Title">Its name.</param>
    /// <param name="Idea">What is new, and the paper.</param>
    /// <param name="Case">The fastest kernel of it.</param>
    /// <param name="Gain">Speed relative to the step before; null for the first.</param>
    public sealed record Step(string Title, string Idea, ReportCase Case, Ratio? Gain);
}
