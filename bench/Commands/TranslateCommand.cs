using System.CommandLine;
using System.Globalization;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Suites;
using Kernels.Layers;
using Kernels.Models.Decoding;
using Kernels.Models.Translation;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>
/// <c>model translate</c>: the encoder and decoder of Vaswani et al. 2017 from the embedding to the vocabulary, with random weights: a source at once, then a
/// target a token at a time, checked against the whole target at once.
/// </summary>
internal static class TranslateCommand
{
    private const int MostTokens = 1024, MostLayers = 1000, LargestVocabulary = 1 << 20;

    private static readonly Option<string> shape = new("--shape")
    {
        Description = $"Sizes of the model: {string.Join(", ", NamedTranslators.All.Keys)}.",
        HelpName = "SHAPE",
        DefaultValueFactory = _ => NamedTranslators.All.Keys.First(),
        CompletionSources = { Completion.Of(() => NamedTranslators.All.Keys) },
    };

    private static readonly Option<int?> layers = new("--layers") { Description = "Layers of encoder and decoder.", HelpName = "N" };

    private static readonly Option<int?> vocabulary = new("--vocabulary") { Description = "Tokens of both languages.", HelpName = "N" };

    private static readonly Option<int?> source = new("--source") { Description = "Tokens of a random source; 32 when left out.", HelpName = "N" };

    private static readonly Option<string?> ids = new("--ids") { Description = "The tokens of the source: 7,19,3.", HelpName = "ID,…" };

    private static readonly Option<int?> tokens = new("--tokens") { Description = "Tokens to say; 32 when left out.", HelpName = "N" };

    private static readonly Option<int> seed = new("--seed")
    {
        Description = "Of the weights, of a random source, and of what is said, which is drawn from the probabilities.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string> threads = new("--threads") { Description = "Threads, or all.", DefaultValueFactory = _ => "1" };

    public static Command Create()
    {
        var command = new Command(
            "translate", "Run the encoder and decoder of 2017 with random weights, measure it, and check tokens one at a time against all at once.");
        foreach (Option option in (Option[])[shape, layers, vocabulary, source, ids, tokens, seed, CoreSelection.Option, threads])
            command.Options.Add(option);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parse)
    {
        TranslatorShape sizes = Shape(parse);
        int team = ThreadSelection.One(parse.GetValue(threads)!), count = DecoderOptions.Number(parse, tokens, MostTokens) ?? 32;
        Kernel? core = parse.GetValue(CoreSelection.Option) is { } name ? CoreSelection.One(name, TranslatorKernels.EncoderOperation) : null;
        int[] text = Source(parse, sizes);
        int capacity = Math.Max(text.Length, count + 1);
        MemoryLimit.Require(LayeredTranslator.Bytes(sizes, capacity) + sizeof(float) * (long)count * sizes.Vocabulary, "The weights and probabilities");
        TextWriter output = parse.InvocationConfiguration.Output;
        using var signal = new StopSignal(() => parse.InvocationConfiguration.Error.WriteLine("Stopping."));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{parse.GetValue(shape)}, random weights: {sizes.Layers} + {sizes.Layers} layers of {sizes.Heads} heads, width {sizes.Width:N0}, feed-forward "
                + $"{sizes.Hidden:N0}, {sizes.Vocabulary:N0} tokens"));
        try
        {
            using var translator = new LayeredTranslator(sizes, parse.GetValue(seed), Kernels(core), capacity, team);
            Translation said = Translation.Run(translator, text, count, new TokenSampler(temperature: 1, parse.GetValue(seed)), signal.Token);
            Write(output, said, text.Length);
            return said.ExitCode;
        }
        catch (NotSupportedException refusal)
        {
            throw new UserError(OneLine.Clean(refusal.Message));
        }
    }

    /// <summary>The fastest kernels, around an attention kernel.</summary>
    internal static TranslatorKernels Kernels(Kernel? core) => new(
        LayerKernels.Fastest(Operations.EmbeddingSinusoidal, Format.Float32), LayerKernels.Tiled(TranslatorKernels.EncoderOperation, Format.Float32, core),
        LayerKernels.Tiled(Operations.DecoderLayer, Format.Float32, core), LayerKernels.Fastest(Operations.Vocabulary, Format.Float32));

    private static TranslatorShape Shape(ParseResult parse)
    {
        string name = parse.GetValue(shape)!;
        if (!NamedTranslators.All.TryGetValue(name.ToLowerInvariant(), out TranslatorShape? named))
            throw new UserError($"{shape.Name} takes {string.Join(" or ", NamedTranslators.All.Keys)}, not '{OneLine.Quote(name)}'.");
        return named with
        {
            Layers = DecoderOptions.Number(parse, layers, MostLayers) ?? named.Layers,
            Vocabulary = DecoderOptions.Number(parse, vocabulary, LargestVocabulary) ?? named.Vocabulary,
        };
    }

    private static int[] Source(ParseResult parse, TranslatorShape sizes)
    {
        if (parse.GetValue(ids) is { } text)
        {
            return parse.GetResult(source) is { Implicit: false } ? throw new UserError($"Give {source.Name} or {ids.Name}, not both.")
                : TokenIds.Parse(ids.Name, text, sizes.Vocabulary);
        }
        var random = new SeededNormal(parse.GetValue(seed), int.MaxValue);
        return [.. Enumerable.Range(0, DecoderOptions.Number(parse, source, MostTokens) ?? 32).Select(_ => random.NextIndex(sizes.Vocabulary))];
    }

    private static void Write(TextWriter output, Translation said, int source)
    {
        void Line(params FormattableString[] parts) => output.WriteLine(string.Concat(parts.Select(FormattableString.Invariant)));
        if (said.EncodeSeconds > 0)
            Line($"encode   {source:N0} tokens at {source / said.EncodeSeconds:N0} a second ({1e3 * said.EncodeSeconds:N2} ms)");
        if (said.Ids.Count > 0)
        {
            Line($"decode   {said.Ids.Count:N0} tokens at {said.Ids.Count / said.StepSeconds.Sum():N1} a second; ",
                $"the first in {1e3 * said.StepSeconds[0]:N2} ms, the last, which computes all before it again, in {1e3 * said.StepSeconds[^1]:N2} ms");
            Line($"ids      {string.Join(' ', said.Ids)}");
        }
        if (said.Difference is not { } difference)
        {
            output.WriteLine("check    none: stopped before the end");
            return;
        }
        Line($"at once  {said.Ids.Count / said.AtOnceSeconds:N0} positions a second, all in {1e3 * said.AtOnceSeconds:N2} ms: ",
            $"as in training, where the target is known");
        Line($"check    {(said.IsRight ? "right" : "WRONG")}: log-probabilities at every position are at most {difference:0.0e-0} from those ",
            $"of the whole target at once; {Generation.Allowed:0e-0} is allowed");
    }
}
