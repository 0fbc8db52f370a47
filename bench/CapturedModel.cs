using Kernels.Measurement.Runs;
using Kernels.Models;
using Kernels.Models.Captures;
using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Bench;

/// <summary>The trained model that captured inputs come from, where it was fetched: references know no model, and models no reference.</summary>
internal static class CapturedModel
{
    /// <summary>Why there are no captured inputs, where there are none.</summary>
    public const string Missing = $"the trained model was not fetched; {Fetch}";

    private const string Fetch = $"fetch it with: model fetch {MiniLm.Name}";

    private static readonly Lazy<CapturedAttention>? captured = MiniLm.IsIn(Folder) ? new(() => CaptureFile.Load(Folder)) : null;

    /// <summary>What the model attends with, captured when first asked for; null where it was not fetched.</summary>
    public static Lazy<CapturedHeads>? Source { get; } = captured is null ? null : new(() => HeadsOf(captured.Value));

    /// <summary>The hash of its numbers; null where it was not fetched.</summary>
    public static string? Hash => captured?.Value.Hash();

    private static string Folder => ModelFolder.Of(RunFolders.Root(), MiniLm.Name);

    /// <summary>Captures now, so that what is wrong with the model is said before kernels are judged.</summary>
    /// <param name="needed">What needs it, as the beginning of a sentence; null where it may be absent.</param>
    /// <exception cref="UserError">It was not fetched, or is damaged.</exception>
    public static void Require(string? needed)
    {
        if (Source is null && needed is not null)
            throw new UserError($"{needed} needs the trained model, which is not in {OneLine.Clean(Folder)}; {Fetch}");
        _ = Source?.Value;
    }

    private static CapturedHeads HeadsOf(CapturedAttention captured) =>
        new(captured.Layers, captured.Heads, captured.HeadDim, captured.Lengths, captured.Q, captured.K, captured.V);
}
