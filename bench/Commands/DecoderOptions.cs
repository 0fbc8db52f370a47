using System.CommandLine;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Suites;
using Kernels.Models.Decoding;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>The options that choose a decoder: the shape of a known model with weights from a seed, or a file.</summary>
internal static class DecoderOptions
{
    private static readonly Option<string?> shape = new("--shape")
    {
        Description = $"Random weights in the shape of a model: {string.Join(", ", NamedDecoders.All.Keys)}.",
        HelpName = "SHAPE",
        CompletionSources = { Completion.Of(() => NamedDecoders.All.Keys) },
    };

    private static readonly Option<string?> file = new("--file")
    {
        Description = "Weights of a Llama-like model: .gguf, or .safetensors with its config.json.",
        HelpName = "FILE",
    };

    /// <summary>For <see cref="LayersOf"/>.</summary>
    public static Option<int?> Layers { get; } = new("--layers") { Description = "Layers, in place of those of the shape.", HelpName = "N" };

    /// <summary>For <see cref="VocabularyOf"/>.</summary>
    public static Option<int?> Vocabulary { get; } = new("--vocabulary") { Description = "Tokens, in place of those of the shape.", HelpName = "N" };

    /// <summary>The seed of random weights, prompts and choices.</summary>
    public static Option<int> Seed { get; } = new("--seed")
    {
        Description = "Of random weights, of a random prompt, and of choices by temperature.",
        DefaultValueFactory = _ => 1,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } = [shape, file, Layers, Vocabulary, Seed];

    /// <summary>The chosen weights; the caller disposes them where they can be.</summary>
    /// <exception cref="UserError">None is chosen, or both are; a number or the file is wrong.</exception>
    public static (string Name, IDecoderWeights Weights) Parse(ParseResult parse)
    {
        if (parse.GetValue(file) is { } path)
        {
            if (new Option[] { shape, Layers, Vocabulary }.FirstOrDefault(option => option.IsGiven(parse)) is { } other)
                throw new UserError($"{other.Name} is not for a {file.Name}, which has its own.");
            return (OneLine.Clean(Path.GetFileName(path)), LlamaFile.Open(path));
        }
        string name = parse.GetValue(shape)?.ToLowerInvariant()
            ?? throw new UserError($"Give {shape.Name} ({string.Join(", ", NamedDecoders.All.Keys)}) or {file.Name}.");
        DecoderShape named = Named(shape, name, NamedDecoders.All);
        named = named with { Layers = LayersOf(parse) ?? named.Layers, Vocabulary = VocabularyOf(parse) ?? named.Vocabulary };
        return ($"{name}, random weights", new RandomDecoder(named, parse.GetValue(Seed)));
    }

    /// <summary>The sizes of a name.</summary>
    /// <exception cref="UserError">There is none of it.</exception>
    public static TSizes Named<TSizes>(Option option, string name, IReadOnlyDictionary<string, TSizes> all) =>
        all.TryGetValue(name.ToLowerInvariant(), out TSizes? named)
            ? named
            : throw new UserError($"{option.Name} takes {string.Join(" or ", all.Keys)}, not '{OneLine.Quote(name)}'.");

    /// <summary>The number of layers, where it is not that of the shape.</summary>
    public static int? LayersOf(ParseResult parse) => Layers.Number(parse, 1, 1000);

    /// <summary>The number of tokens, where it is not that of the shape.</summary>
    public static int? VocabularyOf(ParseResult parse) => Vocabulary.Number(parse, 1, 1 << 20);
}
