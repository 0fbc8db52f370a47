using System.Collections.Concurrent;
using System.Text.Json;
using Kernels.Abstractions;
using Kernels.Results;
using Kernels.Validation;

namespace Kernels.Measurement.Judging;

/// <summary>
/// The child's side of <see cref="JudgeProcess"/>: reads a <see cref="CaseRequest"/> a line and writes two lines for each, one when the kernel
/// begins, and the <see cref="CaseAnswer"/>. Lines begin with <see cref="Mark"/>, because kernels and their libraries may print too.
/// </summary>
public static class JudgeServer
{
    /// <summary>The record separator of RFC 7464.</summary>
    internal const char Mark = '\u001e';

    /// <summary>The line that says that the kernel begins.</summary>
    internal static readonly string Begin = $"{Mark}begin";

    /// <summary>How lines are written: JSON without line breaks.</summary>
    internal static JsonSerializerOptions Json { get; } = new(ResultsJson.Options) { WriteIndented = false };

    /// <summary>Answers requests until the input ends, which ends the process even while a kernel hangs.</summary>
    /// <param name="input">Requests.</param>
    /// <param name="output">Answers.</param>
    /// <param name="find">Finds a kernel by name.</param>
    /// <param name="cache">Inputs and gold.</param>
    /// <param name="threads">Numbers of threads to compare; null for the usual.</param>
    public static void Serve(Stream input, Stream output, Func<string, Kernel> find, ReferenceCache cache, IReadOnlyList<int>? threads)
    {
        using var writer = new StreamWriter(output) { AutoFlush = true, NewLine = "\n" };
        var judges = new Dictionary<Fences, CaseJudge>();
        foreach (string line in Lines(input))
        {
            CaseRequest request = JsonSerializer.Deserialize<CaseRequest>(line, Json)!;
            if (!judges.TryGetValue(request.Fences, out CaseJudge? judge))
                judges[request.Fences] = judge = new CaseJudge(cache, threads) { Fences = request.Fences, OnBegin = () => writer.WriteLine(Begin) };
            CaseAnswer answer = judge.Judge(find(request.Kernel), request.ToCase(), request.Detail);
            writer.WriteLine(Mark + JsonSerializer.Serialize(answer, Json));
        }
        foreach (CaseJudge judge in judges.Values)
            judge.Dispose();
    }

    // Read on a thread of its own, so that the end of the input is seen while a kernel runs.
    private static IEnumerable<string> Lines(Stream input)
    {
        var lines = new BlockingCollection<string>();
        var reader = new Thread(() =>
        {
            using var text = new StreamReader(input);
            while (text.ReadLine() is { } line)
                lines.Add(line);
            Environment.Exit(0);
        })
        { IsBackground = true };
        reader.Start();
        return lines.GetConsumingEnumerable();
    }
}
