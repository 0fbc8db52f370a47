namespace Kernels.Models.Files;

/// <summary>What a reader finds in a weights file.</summary>
/// <param name="Format">Its name for people.</param>
/// <param name="Tensors">By name.</param>
/// <param name="Nodes">The graph, for the formats that have one.</param>
internal sealed record WeightsContent(string Format, IReadOnlyDictionary<string, WeightTensor> Tensors, IReadOnlyList<GraphNode> Nodes)
{
    /// <summary>Texts about the file by name, for the formats that have them; numbers of GGUF as texts of the invariant culture.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The pieces of text that tokens stand for, by their ids, of a GGUF file that has them; else empty.</summary>
    public IReadOnlyList<string> Pieces { get; init; } = [];
}
