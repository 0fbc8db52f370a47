using System.CommandLine;
using System.Diagnostics;
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

/// <summary>
/// <c>model</c>: whole models on the layers of this suite: one that is fetched, run and compared with ONNX Runtime, and decoders that generate or translate.
/// </summary>
internal static class ModelCommand
{
    private static readonly Option<string?> output = new("--out") { Description = "Embeddings as .npy, [texts, width].", HelpName = "FILE" };

    private static readonly Option<string> threads = SelectionOptions.Team();

    public static Command Create()
    {
        var fetch = new Command("fetch", "Fetch a trained model, 83 MB, through NuGet.") { ModelOptions.Name, ModelOptions.Folder };
        fetch.SetAction(Fetch);
        var run = new Command("run", "Embed texts by a trained model, and show how alike they are.")
        {
            ModelOptions.Name, ModelOptions.Text, ModelOptions.File, output, CoreSelection.Option, threads, ModelOptions.Folder,
        };
        run.SetAction(Run);
        return new Command("model", "Whole models on the layers of this suite.")
        {
            fetch, run, ModelComparison.Create(), CaptureCommand.Create(), GenerateCommand.Create(), TranslateCommand.Create(),
        };
    }

    /// <summary>The layer kernel of a model, around an attention kernel.</summary>
    internal static Kernel Layer(EncoderShape shape, string? coreName)
    {
        AttentionLayer operation = LayeredEncoder.OperationOf(shape);
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
        if (parse.GetValue(output) is { } file)
            OutputFile.Require(output.Name, file, () => "; name another file.");
        int team = ThreadSelection.One(parse.GetValue(threads)!);
        IReadOnlyList<string> texts = ModelOptions.Texts(parse);
        MiniLm model = MiniLm.Load(ModelOptions.Path(parse));
        TokenizedText[] tokenized = [.. texts.Select(model.Tokenizer.Tokenize)];
        using var encoder = new LayeredEncoder(model.Weights, Layer(model.Weights.Shape, parse.GetValue(CoreSelection.Option)), team);
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
                OneLine.Quote(texts[i]), $"{tokenized[i].Length}", milliseconds[i].ToString("f2"),
                string.Join(' ', embeddings.AsSpan(i * width, 4).ToArray().Select(number => number.ToString("f4"))),
            }.Concat(texts.Count > 1 ? [Cosine(embeddings, i, width).ToString("f4")] : Array.Empty<string>()).ToArray()));
        return ExitCode.Ok;
    }

    private static double Cosine(float[] embeddings, int i, int width)
    {
        double product = 0;
        for (int c = 0; c < width; c++)
            product += (double)embeddings[c] * embeddings[i * width + c];
        return product;
    }
}
