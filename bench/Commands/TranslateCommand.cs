using System.CommandLine;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Suites;
using Kernels.Layers;
using Kernels.Models.Decoding;
using Kernels.Models.Translation;

namespace Kernels.Bench.Commands;

/// <summary>
/// <c>model translate</c>: the encoder and decoder of Vaswani et al. 2017 from the embedding to the vocabulary, with random weights: a source at once, then a
/// target a token at a time, checked against the whole target at once.
/// </summary>
internal static class TranslateCommand
{
    private const int MostTokens = 1024;

    private static readonly Option<string> shape = new("--shape")
    {
        Description = $"Sizes of the model: {string.Join(", ", NamedTranslators.All.Keys)}.",
        HelpName = "SHAPE",
        DefaultValueFactory = _ => NamedTranslators.All.Keys.First(),
        CompletionSources = { Completion.Of(() => NamedTranslators.All.Keys) },
    };

    private static readonly Option<int?> source = new("--source") { Description = "Tokens of a random source; 32 when left out.", HelpName = "N" };

    private static readonly Option<string?> ids = new("--ids") { Description = "The tokens of the source: 7,19,3.", HelpName = "ID,…" };

    private static readonly Option<int?> tokens = new("--tokens") { Description = "Tokens to say; 32 when left out.", HelpName = "N" };

    private static readonly Option<int> seed = new("--seed")
    {
        Description = "Of the weights, of a random source, and of what is said, which is drawn from the probabilities.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string> threads = SelectionOptions.Team();

    public static Command Create()
    {
        var command = new Command(
            "translate", "Run the encoder and decoder of 2017 with random weights, measure it, and check tokens one at a time against all at once.");
        foreach (Option option in (Option[])[shape, DecoderOptions.Layers, DecoderOptions.Vocabulary, source, ids, tokens, seed, CoreSelection.Option, threads])
            command.Options.Add(option);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parse)
    {
        TranslatorShape sizes = Shape(parse);
        int team = ThreadSelection.One(parse.GetValue(threads)!), count = tokens.Number(parse, 1, MostTokens) ?? 32;
        Kernel? core = parse.GetValue(CoreSelection.Option) is { } name ? CoreSelection.One(name, TranslatorKernels.EncoderOperation) : null;
        int[] text = TokenIds.Of(parse, ids, source, 32, MostTokens, parse.GetValue(seed), sizes.Vocabulary);
        int capacity = Math.Max(text.Length, count + 1);
        MemoryLimit.Require(LayeredTranslator.Bytes(sizes, capacity) + sizeof(float) * (long)count * sizes.Vocabulary, "The weights and probabilities");
        TextWriter output = parse.InvocationConfiguration.Output;
        using var signal = new StopSignal(() => parse.InvocationConfiguration.Error.WriteLine("Stopping."));
        output.WriteLine(
            $"{parse.GetValue(shape)}, random weights: {sizes.Layers} + {sizes.Layers} layers of {sizes.Heads} heads, "
            + $"width {sizes.Width:N0}, feed-forward {sizes.Hidden:N0}, {sizes.Vocabulary:N0} tokens");
        using var translator = new LayeredTranslator(sizes, parse.GetValue(seed), Kernels(core), capacity, team);
        Translation said = Translation.Run(translator, text, count, new TokenSampler(temperature: 1, parse.GetValue(seed)), signal.Token);
        Write(output, said, text.Length);
        return said.ExitCode;
    }

    /// <summary>The fastest kernels, around an attention kernel.</summary>
    internal static TranslatorKernels Kernels(Kernel? core) => new(
        LayerKernels.Fastest(Operations.EmbeddingSinusoidal, Format.Float32), LayerKernels.Tiled(TranslatorKernels.EncoderOperation, Format.Float32, core),
        LayerKernels.Tiled(Operations.DecoderLayer, Format.Float32, core), LayerKernels.Fastest(Operations.Vocabulary, Format.Float32));

    private static TranslatorShape Shape(ParseResult parse)
    {
        TranslatorShape named = DecoderOptions.Named(shape, parse.GetValue(shape)!, NamedTranslators.All);
        return named with { Layers = DecoderOptions.LayersOf(parse) ?? named.Layers, Vocabulary = DecoderOptions.VocabularyOf(parse) ?? named.Vocabulary };
    }

    private static void Write(TextWriter output, Translation said, int source)
    {
        if (said.EncodeSeconds > 0)
            output.WriteLine($"encode   {source:N0} tokens at {source / said.EncodeSeconds:N0} a second ({1e3 * said.EncodeSeconds:N2} ms)");
        if (said.Ids.Count > 0)
        {
            output.WriteLine(
                $"decode   {said.Ids.Count:N0} tokens at {said.Ids.Count / said.StepSeconds.Sum():N1} a second; "
                + $"the first in {1e3 * said.StepSeconds[0]:N2} ms, the last, which computes all before it again, in {1e3 * said.StepSeconds[^1]:N2} ms");
            output.WriteLine($"ids      {string.Join(' ', said.Ids)}");
        }
        if (said.Difference is not { } difference)
        {
            output.WriteLine("check    none: stopped before the end");
            return;
        }
        output.WriteLine(
            $"at once  {said.Ids.Count / said.AtOnceSeconds:N0} positions a second, all in {1e3 * said.AtOnceSeconds:N2} ms: "
            + "as in training, where the target is known");
        output.WriteLine(
            $"check    {(said.IsRight ? "right" : "WRONG")}: log-probabilities at every position are at most {difference:0.0e-0} "
            + $"from those of the whole target at once; {Generation.Allowed:0e-0} is allowed");
    }
}
