using Kernels.Models.Translation;

namespace Kernels.Bench.Suites;

/// <summary>The models of Vaswani et al. 2017, table 3, with the 37,000 tokens of section 5.1, and a small one for trials.</summary>
internal static class NamedTranslators
{
    /// <summary>By the name of the shape.</summary>
    public static IReadOnlyDictionary<string, TranslatorShape> All { get; } = new Dictionary<string, TranslatorShape>
    {
        ["transformer-base"] = new(Layers: 6, Heads: 8, Width: 512, Hidden: 2048, Vocabulary: 37_000),
        ["transformer-big"] = new(Layers: 6, Heads: 16, Width: 1024, Hidden: 4096, Vocabulary: 37_000),
        ["transformer-tiny"] = new(Layers: 2, Heads: 4, Width: 64, Hidden: 256, Vocabulary: 500),
    };
}
