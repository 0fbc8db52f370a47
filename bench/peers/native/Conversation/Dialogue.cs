using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kernels.NativePeers.Memory;
using Kernels.NativePeers.Operators;
using Kernels.NativePeers.Protocol;

namespace Kernels.NativePeers.Conversation;

/// <summary>Answers requests, one line each, all on one thread: PyTorch keeps the number of threads for each caller.</summary>
internal sealed class Dialogue(IOperatorLibrary library) : IDisposable
{
    private const int Version = 2;

    // The system counts processor time in microseconds; what stands between the calls is part of it.
    private const double ShortestNs = 5e6;

    private static readonly JsonSerializerOptions options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private IOperator? chosen;
    private LoadedCall? loaded;
    private (string, Problem, string, int)? loadedAs;

    /// <summary>Answers until the requests end, and returns the exit code.</summary>
    public int Hold(Stream requests, Stream answers)
    {
        using var lines = new StreamReader(requests);
        try
        {
            while (lines.ReadLine() is { } line)
            {
                answers.Write(JsonSerializer.SerializeToUtf8Bytes(Answer(line), options));
                answers.WriteByte((byte)'\n');
            }
        }
        catch (IOException)
        {
            // Nobody listens any more.
        }
        return 0;
    }

    public void Dispose() => Unload();

    // Whatever goes wrong is an answer, and the next request may be answered better.
    private Answer Answer(string line)
    {
        try
        {
            Request request = JsonSerializer.Deserialize<Request>(line, options) ?? throw new RequestException("a request is null");
            return request.Do switch
            {
                "hello" => Hello(request),
                "supports" => new() { Refusal = Chosen.Refusal(request.Attention()) },
                "load" => Load(request),
                "run" => Run(request),
                _ => throw new RequestException($"does not know the request {request.Do}"),
            };
        }
        catch (Exception error)
        {
            string text = error is RequestException or IOException ? error.Message : $"{error.GetType().Name}: {error.Message}";
            return new() { Error = text.Split('\n')[0] };
        }
    }

    private IOperator Chosen => chosen ?? throw new RequestException("hello comes first");

    private Answer Hello(Request request)
    {
        if (request.Protocol != Version)
            throw new RequestException($"speaks version {Version} of the protocol, not {request.Protocol}");
        try
        {
            string version = library.Load();
            chosen = library.Find(request.Operator ?? "") ?? throw new RequestException($"there is no operator {request.Operator}");
            return new() { Version = version };
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException)
        {
            return new() { Missing = error.Message.Split('\n')[0] };
        }
    }

    private Answer Load(Request request)
    {
        Attention attention = request.Attention();
        if (Chosen.Refusal(attention) is { } refusal)
            throw new RequestException(refusal);
        int threads = request.Threads ?? throw request.Lacks("threads");
        if (threads < 1)
            throw new RequestException("threads are from 1");
        var wanted = (attention.Operation, attention.Problem, attention.Element, threads);
        if (loaded is not null && loadedAs == wanted && loaded.TryReload(attention))
            return new();
        Unload();
        loaded = Chosen.Load(attention, threads);
        loadedAs = wanted;
        return new();
    }

    private void Unload()
    {
        loaded?.Dispose();
        (loaded, loadedAs) = (null, null);
    }

    private Answer Run(Request request)
    {
        LoadedCall call = loaded ?? throw new RequestException("load comes before run");
        IReadOnlyDictionary<string, string> outputs = request.Outputs ?? throw request.Lacks("outputs");
        if (request.Calls is not >= 1)
            throw new RequestException("calls are from 1");
        long[] nanoseconds = new long[request.Calls.Value];
        call.Forget();
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < nanoseconds.Length; i++)
        {
            if (call.AllocatesResults)
                call.Forget();
            long begin = Stopwatch.GetTimestamp();
            call.Run();
            nanoseconds[i] = (long)Stopwatch.GetElapsedTime(begin).TotalNanoseconds;
        }
        processor = Environment.CpuUsage.TotalTime - processor;
        double elapsed = nanoseconds.Sum(each => (double)each);
        foreach ((string name, string path) in outputs)
            Write(call.Result(name), path);
        Quiet.Wait();
        return new() { Nanoseconds = nanoseconds, ThreadsBusy = elapsed < ShortestNs ? null : processor.TotalNanoseconds / elapsed };
    }

    private static unsafe void Write(View result, string path)
    {
        using var buffer = new NativeBuffer(result.Bytes);
        result.CopyTo(View.HeadMajor(buffer.Start, result.ElementBytes, result.Batch, result.Heads, result.Tokens, result.Channels));
        buffer.Write(path);
    }
}
