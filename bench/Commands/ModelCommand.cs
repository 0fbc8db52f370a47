using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Display;
using Kernels.Bench.Npy;
using Kernels.Layers;
using Kernels.Measurement.Runs;
using Kernels.Models;
using Kernels.Models.Fetch;
using Kernels.Models.Text;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary><c>model</c>: a trained model on the layers of this suite: fetched, run, compared with ONNX Runtime, and its attention written to files.</summary>
internal static class ModelCommand
{
    private static readonly Option<string[]> text = new("--text") { Description = "A text; repeatable.", HelpName = "TEXT" };

    private static readonly Option<string?> file = new("--file") { Description = "A file with a text on each line.", HelpName = "FILE" };

    private static readonly Option<string?> output = new("--out") { Description = "Embeddings as .npy, [texts, width].", HelpName = "FILE" };

    private static readonly Option<string> folder = new("--out") { Description = "A new or empty folder for the .npy files.", HelpName = "DIR", Required = true };

    private static readonly Option<int> threads = new("--threads") { Description = "Threads.", DefaultValueFactory = _ => 1 };

    public static Command Create()
    {
        var fetch = new Command("fetch", "Fetch a trained model, 83 MB, through NuGet.") { ModelOptions.Name, ModelOptions.Folder };
        fetch.SetAction(Fetch);
        var run = new Command("run", "Embed texts by a trained model, and show how alike they are.")
        {
            ModelOptions.Name, text, file, output, CoreSelection.Option, threads, ModelOptions.Folder,
        };
        run.SetAction(Run);
        var capture = new Command("capture", "Write the queries, keys and values of every layer as .npy files, for apply.")
        {
            ModelOptions.Name, text, file, folder, ModelOptions.Folder,
        };
        capture.SetAction(Capture);
        return new Command("model", "A trained model on the layers of this suite.") { fetch, run, ModelComparison.Create(), capture };
    }

    /// <summary>The layer kernel of a model, around an attention kernel.</summary>
    internal static Kernel Layer(EncoderShape shape, string? coreName)
    {
        LayerOperation operation = LayeredEncoder.OperationOf(shape);
        return LayerKernels.Tiled(operation, Format.Float32, coreName is null ? null : CoreSelection.One(coreName, operation));
    }

    private static int Fetch(ParseResult parse)
    {
        string path = ModelOptions.Path(parse);
        using var signal = new StopSignal(() => parse.InvocationConfiguration.Error.WriteLine("Stopping."));
        bool written = ModelFetch.MiniLM(path, RunFolders.Root(), signal.Token);
        parse.InvocationConfiguration.Output.WriteLine(written ? $"Fetched: {path}" : $"It is there: {path}");
        return ExitCode.Ok;
    }

    private static int Run(ParseResult parse)
    {
        if (parse.GetValue(threads) < 1)
            throw new UserError($"{threads.Name} takes at least 1, not {parse.GetValue(threads)}.");
        IReadOnlyList<string> texts = Texts(parse);
        MiniLm model = MiniLm.Load(ModelOptions.Path(parse));
        IReadOnlyList<TokenizedText> tokenized = ModelOptions.Tokenize(model, texts);
        using var encoder = new LayeredEncoder(model.Weights, Layer(model.Weights.Shape, parse.GetValue(CoreSelection.Option)), parse.GetValue(threads));
        int width = model.Weights.Shape.Width;
        float[] embeddings = new float[texts.Count * width];
        double[] milliseconds = new double[texts.Count];
        for (int i = 0; i < texts.Count; i++)
        {
            int[] ids = [.. tokenized[i].Ids];
            encoder.Embed(ids, embeddings.AsSpan(i * width, width));
            long begin = Stopwatch.GetTimestamp();
            encoder.Embed(ids, embeddings.AsSpan(i * width, width));
            milliseconds[i] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        }
        if (parse.GetValue(output) is { } npy)
            NpyWriter.Write(npy, [texts.Count, width], embeddings, overwrite: false);
        new Terminal(parse.InvocationConfiguration.Output).WriteTable(
            ["text", "tokens", "ms", "begins", .. texts.Count > 1 ? ["cosine to the first"] : (string[])[]],
            Enumerable.Range(0, texts.Count).Select(i => new[]
            {
                OneLine.Quote(texts[i]), $"{tokenized[i].Length}", milliseconds[i].ToString("f2", CultureInfo.InvariantCulture),
                string.Join(' ', embeddings.AsSpan(i * width, 4).ToArray().Select(number => number.ToString("f4", CultureInfo.InvariantCulture))),
            }.Concat(texts.Count > 1 ? [Cosine(embeddings, i, width).ToString("f4", CultureInfo.InvariantCulture)] : Array.Empty<string>()).ToArray()));
        return ExitCode.Ok;
    }

    private static int Capture(ParseResult parse)
    {
        string target = parse.GetValue(folder)!;
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new UserError($"{target} exists and is not empty; {folder.Name} takes a new or an empty folder.");
        IReadOnlyList<string> texts = Texts(parse);
        MiniLm model = MiniLm.Load(ModelOptions.Path(parse));
        IReadOnlyList<TokenizedText> tokenized = ModelOptions.Tokenize(model, texts);
        var encoder = new ReferenceEncoder(model.Weights);
        Directory.CreateDirectory(target);
        for (int i = 0; i < texts.Count; i++)
        {
            EncodedText encoded = encoder.Run([.. tokenized[i].Ids], keepHeads: true);
            for (int layer = 0; layer < encoded.Heads.Length; layer++)
            {
                HeadInputs heads = encoded.Heads[layer];
                int[] shape = [1, model.Weights.Shape.Heads, heads.Tokens, heads.HeadDim];
                foreach ((string name, double[] numbers) in ((string, double[])[])[("q", heads.Q), ("k", heads.K), ("v", heads.V)])
                    NpyWriter.Write(Path.Combine(target, $"text{i}-layer{layer}-{name}.npy"), shape, Array.ConvertAll(numbers, number => (float)number), overwrite: false);
            }
        }
        parse.InvocationConfiguration.Output.WriteLine(
            $"Written: {texts.Count * model.Weights.Layers.Length} problems of {model.Weights.Shape.Heads} heads in {target}. Any kernel on one of them, judged by float64:");
        string first = Path.Combine(target, "text0-layer0");
        parse.InvocationConfiguration.Output.WriteLine($"  {Examples.Program} apply flash-avx2-6x16 --q {first}-q.npy --k {first}-k.npy --v {first}-v.npy --out {first}-o.npy");
        return ExitCode.Ok;
    }

    private static double Cosine(float[] embeddings, int i, int width)
    {
        double product = 0;
        for (int c = 0; c < width; c++)
            product += (double)embeddings[c] * embeddings[i * width + c];
        return product;
    }

    private static IReadOnlyList<string> Texts(ParseResult parse)
    {
        string[] texts = [.. parse.GetValue(text) ?? [], .. parse.GetValue(file) is { } path ? ModelOptions.Lines(path) : []];
        return texts.Length > 0 ? texts : throw new UserError($"Give a text, by {text.Name} TEXT or {file.Name} FILE.");
    }
}
