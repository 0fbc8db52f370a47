using System.CommandLine;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Suites;
using Kernels.Models.Decoding;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>The options that choose a decoder: the shape of a known model with weights from a seed, or a file.</summary>
internal static class DecoderOptions
{
    private const int MostLayers = 1000, LargestVocabulary = 1 << 20;

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

    private static readonly Option<int?> layers = new("--layers") { Description = "Layers of the shape.", HelpName = "N" };

    private static readonly Option<int?> vocabulary = new("--vocabulary") { Description = "Tokens of the shape.", HelpName = "N" };

    /// <summary>The seed of random weights, prompts and choices.</summary>
    public static Option<int> Seed { get; } = new("--seed")
    {
        Description = "Of random weights, of a random prompt, and of choices by temperature.",
        DefaultValueFactory = _ => 1,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Option> All { get; } = [shape, file, layers, vocabulary, Seed];

    /// <summary>The chosen weights; the caller disposes them where they can be.</summary>
    /// <exception cref="UserError">None is chosen, or both are; a number or the file is wrong.</exception>
    public static (string Name, IDecoderWeights Weights) Parse(ParseResult parse)
    {
        if (parse.GetValue(file) is { } path)
        {
            if (new Option[] { shape, layers, vocabulary }.FirstOrDefault(option => parse.GetResult(option) is { Implicit: false }) is { } other)
                throw new UserError($"{other.Name} is not for a {file.Name}, which has its own.");
            return (OneLine.Clean(Path.GetFileName(path)), LlamaFile.Open(path));
        }
        string name = parse.GetValue(shape)?.ToLowerInvariant()
            ?? throw new UserError($"Give {shape.Name} ({string.Join(", ", NamedDecoders.All.Keys)}) or {file.Name}.");
        if (!NamedDecoders.All.TryGetValue(name, out DecoderShape? named))
            throw new UserError($"{shape.Name} takes {string.Join(" or ", NamedDecoders.All.Keys)}, not '{OneLine.Quote(name)}'.");
        named = named with
        {
            Layers = Number(parse, layers, MostLayers) ?? named.Layers,
            Vocabulary = Number(parse, vocabulary, LargestVocabulary) ?? named.Vocabulary,
        };
        return ($"{name}, random weights", new RandomDecoder(named, parse.GetValue(Seed)));
    }

    /// <summary>A number from 1 to a limit; null when the option is absent.</summary>
    /// <exception cref="UserError">It is outside.</exception>
    public static int? Number(ParseResult parse, Option<int?> option, int most) => parse.GetValue(option) is not { } number ? null
        : number >= 1 && number <= most ? number
        : throw new UserError($"{option.Name} takes 1 to {most:N0}, not {number}.");
}
