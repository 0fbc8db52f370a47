using System.CommandLine;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Display;
using Kernels.Bench.Npy;
using Kernels.Models;
using Kernels.Models.Captures;
using Kernels.Models.Files;
using Kernels.Models.Text;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary><c>model capture</c>: queries, keys and values of a trained model in the user's texts, as files, and what they look like.</summary>
internal static class CaptureCommand
{
    private const string Npy = "npy", Safetensors = "safetensors", SafetensorsFile = "captured.safetensors";

    private static readonly Option<string> folder = new("--out") { Description = "A new or empty folder for the files.", HelpName = "DIR", Required = true };

    private static readonly Option<string> format = new("--format")
    {
        Description = $"{Npy}: a file for each operand of each layer, which apply reads; {Safetensors}: one file, {SafetensorsFile}.",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => Npy,
        CompletionSources = { Npy, Safetensors },
    };

    public static Command Create()
    {
        var command = new Command("capture", "Write the queries, keys and values of every layer as .npy files, for apply, or as one .safetensors file.")
        {
            ModelOptions.Name, ModelOptions.Text, ModelOptions.File, folder, format, ModelOptions.Folder,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parse)
    {
        string target = parse.GetValue(folder)!, chosen = parse.GetValue(format)!;
        if (chosen is not (Npy or Safetensors))
            throw Nearest.Unknown("format", chosen, [Npy, Safetensors]);
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new UserError($"{target} exists and is not empty; {folder.Name} takes a new or an empty folder.");
        IReadOnlyList<string> texts = ModelOptions.Texts(parse);
        MiniLm model = MiniLm.Load(ModelOptions.Path(parse));
        TokenizedText[] tokenized = [.. texts.Select(model.Tokenizer.Tokenize)];
        var encoder = new ReferenceEncoder(model.Weights);
        Directory.CreateDirectory(target);
        List<(string Name, int[] Shape, float[] Values)> tensors = [];
        List<string[]> rows = [];
        for (int i = 0; i < texts.Count; i++)
        {
            EncodedText encoded = encoder.Run([.. tokenized[i].Ids], keepHeads: true);
            for (int layer = 0; layer < encoded.Heads.Length; layer++)
            {
                HeadInputs heads = encoded.Heads[layer];
                int[] shape = [1, model.Weights.Shape.Heads, heads.Tokens, heads.HeadDim];
                foreach ((string name, double[] numbers) in ((string, double[])[])[("q", heads.Q), ("k", heads.K), ("v", heads.V)])
                    tensors.Add(($"text{i}-layer{layer}-{name}", shape, Array.ConvertAll(numbers, number => (float)number)));
                rows.Add([$"{i}", $"{layer}", .. Words(heads.Tokens, AttentionSummary.Of(heads))]);
            }
            if (chosen == Npy)
            {
                foreach ((string name, int[] shape, float[] values) in tensors)
                    NpyWriter.Write(Path.Combine(target, $"{name}.npy"), shape, values, overwrite: false);
                tensors.Clear();
            }
        }
        if (chosen == Safetensors)
            SafetensorsWriter.Write(Path.Combine(target, SafetensorsFile), tensors,
                new Dictionary<string, string> { ["model"] = MiniLm.Name }, overwrite: false);
        Write(parse.InvocationConfiguration.Output, rows,
            $"{texts.Count * model.Weights.Layers.Length} problems of {model.Weights.Shape.Heads} heads in {target}", chosen, target);
        return ExitCode.Ok;
    }

    private static void Write(TextWriter output, IEnumerable<string[]> rows, string what, string format, string target)
    {
        new Terminal(output).WriteTable(["text", "layer", "tokens", "q", "k", "v", "largest score", "largest weight", "peaked rows"], rows);
        output.WriteLine("q, k, v: the largest number of a channel, as a multiple of the median channel's; largest weight of a row: the median; peaked: one "
            + "key has more than half");
        if (format == Safetensors)
        {
            output.WriteLine($"Written: {what}, {SafetensorsFile}.");
            return;
        }
        string first = Path.Combine(target, "text0-layer0");
        output.WriteLine($"Written: {what}. Any kernel on one of them, judged by float64:");
        output.WriteLine($"  {Examples.Program} apply flash-avx2-6x16 --q {first}-q.npy --k {first}-k.npy --v {first}-v.npy --out {first}-o.npy");
    }

    private static string[] Words(int tokens, AttentionSummary seen)
    {
        static string Number(double number, string shape) => number.ToString(shape);
        return
        [
            $"{tokens}", Number(seen.QOutlier, "f1"), Number(seen.KOutlier, "f1"), Number(seen.VOutlier, "f1"), Number(seen.LargestScore, "f1"),
            Number(seen.LargestWeight, "f2"), $"{Number(100 * seen.PeakedRows, "f0")} %",
        ];
    }
}
