using System.CommandLine;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Layers;
using Kernels.Models.Decoding;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>
/// <c>model generate</c>: a stack of Llama layers computes a prompt, then a token at a time with caches of keys and values, tells how fast, and checks the
/// caches against the whole sequence at once.
/// </summary>
internal static class GenerateCommand
{
    private const int MostTokens = 1 << 20;

    private static readonly Option<int?> tokens = new("--tokens") { Description = "Tokens to generate; 64 when left out.", HelpName = "N" };

    private static readonly Option<int?> prompt = new("--prompt") { Description = "Length of a random prompt; 128 when left out.", HelpName = "N" };

    private static readonly Option<string?> ids = new("--ids") { Description = "The tokens of the prompt: 1,15043.", HelpName = "ID,…" };

    private static readonly Option<double> temperature = new("--temperature")
    {
        Description = "Divides logits before a token is drawn; 0 takes the most probable.",
        HelpName = "T",
    };

    private static readonly Option<string> weights = new("--weights")
    {
        Description = "Format of all weights in memory: float32 or bfloat16.",
        DefaultValueFactory = _ => Element.Float32.Text(),
    };

    private static readonly Option<string> threads = SelectionOptions.Team();

    public static Command Create()
    {
        var command = new Command("generate", "Generate tokens by a decoder with caches, measure it, and check it against the whole sequence at once.");
        foreach (Option option in (IEnumerable<Option>)[.. DecoderOptions.All, tokens, prompt, ids, temperature, weights, CoreSelection.Option, threads])
            command.Options.Add(option);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parse)
    {
        int count = tokens.Number(parse, 1, MostTokens) ?? 64, team = ThreadSelection.One(parse.GetValue(threads)!);
        Format format = Elements.Parse(parse.GetValue(weights)!) switch
        {
            Element.Float32 => Format.Float32,
            Element.BFloat16 => Format.BFloat16,
            _ => throw new UserError($"{weights.Name} takes float32 or bfloat16, not '{OneLine.Quote(parse.GetValue(weights)!)}'."),
        };
        double given = parse.GetValue(temperature) is >= 0 and <= 100 and var divisor
            ? divisor
            : throw new UserError($"{temperature.Name} takes 0 to 100, not {parse.GetValue(temperature)}.");
        Kernel? core = parse.GetValue(CoreSelection.Option) is { } name ? CoreSelection.One(name, Operations.LlamaCached) : null;
        (string model, IDecoderWeights source) = DecoderOptions.Parse(parse);
        using var file = source as IDisposable;
        DecoderShape shape = source.Shape;
        int[] start = TokenIds.Of(parse, ids, prompt, 128, MostTokens, parse.GetValue(DecoderOptions.Seed), shape.Vocabulary);
        Require(shape, format, start.Length + count);
        using var signal = new StopSignal(() => parse.InvocationConfiguration.Error.WriteLine("Stopping."));
        TextWriter output = parse.InvocationConfiguration.Output;
        output.WriteLine(
            $"{model}: {shape.Layers} layers of {shape.Heads} heads on {shape.KvHeads} kv heads, "
            + $"width {shape.Width:N0}, feed-forward {shape.Hidden:N0}, {shape.Vocabulary:N0} tokens; {format}");
        using var decoder = new LayeredDecoder(
            source, Layer(shape, format, core, cached: true), LayerKernels.Fastest(Operations.Vocabulary, format), start.Length + count, team);
        var sampler = new TokenSampler(given, parse.GetValue(DecoderOptions.Seed));
        Generation generated = Generation.Run(decoder, Layer(shape, format, core, cached: false), start, count, sampler, Generation.WarmUpTime, signal.Token);
        new GenerationView(output, decoder, team).Write(generated, start.Length, (source as LlamaFile)?.Pieces ?? []);
        return generated.ExitCode;
    }

    /// <summary>The layer of a decoder.</summary>
    internal static Kernel Layer(DecoderShape shape, Format format, Kernel? core, bool cached) =>
        LayerKernels.Tiled(LayeredDecoder.OperationOf(shape, cached), format, core);

    // One matrix is in memory as float32 while it is copied, of a file that has other pairs of channels twice.
    private static void Require(DecoderShape shape, Format format, int capacity)
    {
        long matrix = (long)shape.Width * Math.Max(shape.Vocabulary, Math.Max(shape.Hidden, 2 * shape.QueryWidth));
        MemoryLimit.Require(shape.Weights * format.Input.Size() + sizeof(float) * (capacity * shape.CacheOfToken + matrix), "The weights and caches");
    }
}
