using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Display;
using Kernels.Measurement.Runs;
using Kernels.Models;
using Kernels.Peers;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>
/// <c>model compare</c>: the whole encoder beside ONNX Runtime on the same file, in turn: samples of one, the other, and so on, so that what disturbs the
/// machine disturbs both. A time is that of one text from its ids to the rows of the last layer; the mean over the tokens is in ours alone.
/// </summary>
internal static class ModelComparison
{
    private const string Needs = "bench/peers/native/bin/Release/net10.0/native.dll";

    // Embeddings have unit length; issue of accuracy, not of speed.
    private const double Allowed = 2e-5;

    // Threads of ONNX Runtime spin for some tens of milliseconds after a call, on the processor that a thread of the other side needs.
    private static readonly TimeSpan sample = TimeSpan.FromMilliseconds(60), pause = TimeSpan.FromMilliseconds(150), patience = TimeSpan.FromMinutes(2);

    private static readonly Option<string> lengths = new("--lengths")
    {
        Description = "Tokens of the texts.",
        DefaultValueFactory = _ => "16,32,64,128,256,512",
    };

    private static readonly Option<string> threads = new("--threads")
    {
        Description = "Threads, such as 1,2.",
        DefaultValueFactory = _ => Environment.ProcessorCount > 1 ? "1,2" : "1",
    };

    private static readonly Option<int> rounds = new("--rounds") { Description = "Samples of each.", DefaultValueFactory = _ => 15 };

    public static Command Create()
    {
        var command = new Command("compare", "Measure a trained model beside ONNX Runtime on the same file, and compare their embeddings.")
        {
            ModelOptions.Name, lengths, threads, rounds, ModelOptions.Folder,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parse)
    {
        string path = ModelOptions.Path(parse), program = Path.Combine(RunFolders.Root(), Needs.Replace('/', Path.DirectorySeparatorChar));
        IReadOnlyList<int> tokens = LengthSelection.Parse(parse.GetValue(lengths)!), teams = ThreadSelection.Parse(parse.GetValue(threads));
        if (tokens[^1] > MiniLm.Shape.Positions)
            throw new UserError($"{lengths.Name} takes at most {MiniLm.Shape.Positions} tokens, not {tokens[^1]}.");
        int samples = rounds.Number(parse, 1, 1000);
        MiniLm model = MiniLm.Load(path);
        if (!File.Exists(program))
            throw new UserError("ONNX Runtime is not there; build it with: dotnet build -c Release bench/peers/native");
        string onnx = Path.Combine(path, MiniLm.OnnxName);
        if (!File.Exists(onnx))
            throw new UserError(OneLine.Clean($"{onnx} is not there; ONNX Runtime reads no other file of it."));
        List<Row> rows = [];
        foreach (int count in teams)
        {
            using var encoder = new LayeredEncoder(model.Weights, ModelCommand.Layer(model.Weights.Shape, coreName: null), count);
            using PeerProcess peer = Start(program, onnx, count);
            foreach (int length in tokens)
                rows.Add(Measure(encoder, peer, model.Weights.Shape, length, count, samples));
        }
        Write(parse.InvocationConfiguration.Output, rows);
        return rows.All(row => row.Difference <= Allowed) ? ExitCode.Ok : ExitCode.Failed;
    }

    private static PeerProcess Start(string program, string onnx, int count) =>
        PeerProcess.Start([SystemProgram.DotNet, program, "model", onnx, count.ToString()], Path.GetDirectoryName(program)!);

    private static Row Measure(LayeredEncoder encoder, PeerProcess peer, EncoderShape shape, int length, int threads, int samples)
    {
        var random = new Random(length);
        int[] ids = [.. Enumerable.Range(0, length).Select(_ => random.Next(1000, shape.Vocabulary))];
        float[] embedding = new float[shape.Width];
        double once = Ours(encoder, ids, embedding, 2)[1];
        int calls = Math.Clamp((int)(sample.TotalSeconds / once), 1, 2000);
        Answer first = Ask(peer, ids, calls);
        double difference = 0;
        for (int c = 0; c < embedding.Length; c++)
            difference = Math.Max(difference, Math.Abs(embedding[c] - first.Embedding[c]));
        double[] ours = new double[samples], theirs = new double[samples], ratios = new double[samples];
        for (int i = 0; i < samples; i++)
        {
            Thread.Sleep(pause);
            ours[i] = Median(Ours(encoder, ids, embedding, calls));
            Thread.Sleep(pause);
            theirs[i] = Median(Ask(peer, ids, calls).Seconds);
            ratios[i] = theirs[i] / ours[i];
        }
        return new(length, threads, MedianInterval.Of(ours), MedianInterval.Of(theirs), MedianInterval.Of(ratios), difference);
    }

    private static double[] Ours(LayeredEncoder encoder, int[] ids, float[] embedding, int calls)
    {
        double[] seconds = new double[calls];
        for (int call = 0; call < calls; call++)
        {
            long begin = Stopwatch.GetTimestamp();
            encoder.Embed(ids, embedding);
            seconds[call] = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }
        return seconds;
    }

    private static Answer Ask(PeerProcess peer, int[] ids, int calls)
    {
        try
        {
            string answer = peer.Ask($"{calls} {string.Join(' ', ids)}", patience, CancellationToken.None);
            return JsonSerializer.Deserialize<Answer>(answer, JsonSerializerOptions.Web) is { Seconds.Length: > 0 } whole
                && whole.Embedding.Length == MiniLm.Shape.Width
                ? whole
                : throw new UserError("ONNX Runtime answered something else than times and an embedding.");
        }
        catch (Exception error) when (error is PeerException or JsonException)
        {
            throw new UserError(OneLine.Clean($"ONNX Runtime {error.Message}"));
        }
    }

    private static double Median(double[] numbers) => MedianInterval.Of(numbers).Median;

    private static void Write(TextWriter output, List<Row> rows)
    {
        new Terminal(output).WriteTable(
            ["tokens", "threads", "this suite", "ONNX Runtime", "speed", "largest difference"],
            rows.Select(row => new[]
            {
                $"{row.Tokens}", $"{row.Threads}", Time(row.Ours), Time(row.Theirs),
                $"{row.Ratio.Median:f3}× ({row.Ratio.Low:f3}–{row.Ratio.High:f3})", row.Difference.ToString("e1"),
            }));
        output.WriteLine($"medians of samples in turn, intervals 95 %; embeddings of unit length, at most {Allowed:e0} apart allowed");
    }

    private static string Time(MedianInterval time) => $"{time.Median * 1e3:f2} ms ({time.Low * 1e3:f2}–{time.High * 1e3:f2})";

    private sealed record Answer(double[] Seconds, double[] Embedding);

    private sealed record Row(int Tokens, int Threads, MedianInterval Ours, MedianInterval Theirs, MedianInterval Ratio, double Difference);
}
