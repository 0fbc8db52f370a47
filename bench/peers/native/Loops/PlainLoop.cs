using System.Diagnostics;
using Kernels.NativePeers.Ggml;
using Kernels.NativePeers.OnnxRuntime;
using Kernels.NativePeers.Operators;
using Kernels.NativePeers.PyTorch;

namespace Kernels.NativePeers.Loops;

/// <summary>
/// A library called in a plain loop, as a program of its own user would: in memory that it allocates, with its defaults, without protocol,
/// binding and threads of ours. What <c>compare peer-…</c> shows must not be slower.
/// </summary>
internal static class PlainLoop
{
    public const string Usage = "native loop OPERATOR HEADS TOKENS CHANNELS THREADS; OPERATOR is as in peer-OPERATOR, such as pytorch-flash";

    private const double Seconds = 2;
    private const int Fewest = 5;

    /// <summary>Runs a loop of some seconds and writes one line: the median and the least of the times of its calls.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string name, int[] sizes, TextWriter output)
    {
        if (sizes is not [> 0 and var heads, > 0 and var tokens, > 0 and var channels, > 0 and var threads])
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }
        using ILoop? loop = Create(name, new LoopShape(heads, tokens, channels), threads);
        if (loop is null)
        {
            Console.Error.WriteLine($"no loop has the name {name}. {Usage}");
            return 2;
        }
        double[] times = Times(loop);
        output.WriteLine(
            $"{name} h{heads}-q{tokens}-d{channels}, threads {threads}: "
            + $"median {1e3 * times[times.Length / 2]:0.000} ms, least {1e3 * times[0]:0.000} ms of {times.Length} calls");
        return 0;
    }

    private static double[] Times(ILoop loop)
    {
        loop.Call();
        List<double> times = [];
        long begin = Stopwatch.GetTimestamp();
        while (times.Count < Fewest || Stopwatch.GetElapsedTime(begin).TotalSeconds < Seconds)
        {
            long start = Stopwatch.GetTimestamp();
            loop.Call();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return [.. times.Order()];
    }

    private static ILoop? Create(string name, LoopShape shape, int threads) => name switch
    {
        "onnxruntime-mha" or "onnxruntime-mha-unfused" or "onnxruntime-attention" or "onnxruntime-gqa" =>
            With(new OnnxLibrary(), () => new OnnxLoop(name[(name.IndexOf('-') + 1)..], shape, threads)),
        "pytorch-flash" or "pytorch-flash-backward" =>
            With(new TorchLibrary(), () => new TorchLoop(name.EndsWith("backward", StringComparison.Ordinal), shape, threads)),
        "llamacpp-flash" => With(new GgmlLibrary(), () => new GgmlLoop(GgmlType.Float32, shape, threads)),
        "llamacpp-flash-bf16" => With(new GgmlLibrary(), () => new GgmlLoop(GgmlType.BFloat16, shape, threads)),
        _ => null,
    };

    private static ILoop With(IOperatorLibrary library, Func<ILoop> loop)
    {
        library.Load();
        return loop();
    }
}
