using System.Diagnostics;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace Kernels.NativePeers.OnnxRuntime;

/// <summary>
/// A whole encoder of sentences on ONNX Runtime: <c>native model FILE THREADS</c>. A line of input is the number of calls and the ids of a text; the answer is
/// one line, <c>{"seconds": […], "embedding": […]}</c>: the time of each call with its inputs ready and its output in place, and the mean over the
/// tokens at unit length, which is not in the time. Graph optimisations are all on, weights are packed when the model is loaded.
/// </summary>
internal static class SentenceModel
{
    public static int Answer(string file, int threads, TextReader input, Stream output)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
        };
        using var session = new InferenceSession(file, options);
        using var run = new RunOptions();
        using var writer = new StreamWriter(output) { AutoFlush = true };
        while (input.ReadLine() is { } line)
        {
            long[] numbers = [.. line.Split(' ').Select(word => long.Parse(word))];
            writer.WriteLine(JsonSerializer.Serialize(Run(session, run, (int)numbers[0], numbers[1..])));
        }
        return 0;
    }

    private static object Run(InferenceSession session, RunOptions run, int calls, long[] ids)
    {
        long[] shape = [1, ids.Length], ones = [.. Enumerable.Repeat(1L, ids.Length)], zeros = new long[ids.Length];
        int width = session.OutputMetadata.First().Value.Dimensions[^1];
        float[] rows = new float[ids.Length * width];
        using OrtValue inputIds = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using OrtValue mask = OrtValue.CreateTensorValueFromMemory(ones, shape);
        using OrtValue kinds = OrtValue.CreateTensorValueFromMemory(zeros, shape);
        using OrtValue result = OrtValue.CreateTensorValueFromMemory(rows, [1, ids.Length, width]);
        double[] seconds = new double[calls];
        for (int call = 0; call < calls; call++)
        {
            long begin = Stopwatch.GetTimestamp();
            session.Run(run, ["input_ids", "attention_mask", "token_type_ids"], [inputIds, mask, kinds], [session.OutputNames[0]], [result]);
            seconds[call] = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }
        double[] embedding = new double[width];
        for (int i = 0; i < rows.Length; i++)
            embedding[i % width] += rows[i];
        double length = Math.Sqrt(embedding.Sum(number => number * number));
        return new { seconds, embedding = embedding.Select(number => number / length) };
    }
}
