using System.Diagnostics;
using Kernels.Abstractions;

namespace Kernels.Peers;

/// <summary>Brings operands to a peer, lets it compute, and brings back what it wrote: the requests <c>load</c> and <c>run</c>.</summary>
internal sealed class PeerCalls : IDisposable
{
    // What a peer may take for a call in addition to its own start: slower than plain loops in an interpreter, and it hangs.
    private const double SlowestFlopsPerSecond = 1e7;

    private const double MostThreads = 1 << 16;

    // No call through a library takes less.
    private const double ShortestNs = 20;

    private readonly PeerConversation conversation;
    private readonly string operation;
    private readonly TimeSpan patience;
    private PeerFiles? files;

    public PeerCalls(PeerConversation conversation, string operation, TimeSpan patience)
    {
        this.conversation = conversation;
        this.operation = operation;
        this.patience = patience;
    }

    /// <summary>Threads that the calls of the last run kept busy; null when the peer does not say.</summary>
    public double? ThreadsBusy { get; private set; }

    /// <summary>Gives a peer the operands that are read.</summary>
    public void Load(AttentionProblem problem, ReadOnlySpan<Tensor> tensors, int threads, CancellationToken stop)
    {
        files ??= new PeerFiles();
        var operands = new Dictionary<string, PeerOperand>();
        foreach (Tensor tensor in tensors)
        {
            string? file = tensor.Operand.Role == Role.Output ? null : files.Write(tensor);
            operands.Add(tensor.Operand.Name, PeerOperand.Of(tensor.Operand) with { File = file });
        }
        var request = new PeerRequest("load")
        {
            Operation = operation,
            Problem = PeerProblem.Of(problem),
            Operands = operands,
            Threads = threads,
        };
        conversation.Ask(request, Patience(problem, count: 1), stop);
    }

    /// <summary>Nanoseconds of each of some calls on what was loaded; the operands that are written hold what the last call gave.</summary>
    public double[] Run(AttentionProblem problem, ReadOnlySpan<Tensor> tensors, int count, CancellationToken stop)
    {
        var outputs = new Dictionary<string, string>();
        foreach (Tensor tensor in tensors)
        {
            if (tensor.Operand.Role != Role.Input)
                outputs.Add(tensor.Operand.Name, files!.Expect(tensor.Operand));
        }
        var request = new PeerRequest("run") { Calls = count, Outputs = outputs };
        long begin = Stopwatch.GetTimestamp();
        PeerAnswer answer = conversation.Ask(request, Patience(problem, count), stop);
        ThreadsBusy = answer.ThreadsBusy is null or >= 0 and <= MostThreads
            ? answer.ThreadsBusy
            : throw new PeerException($"said that it kept {answer.ThreadsBusy:g3} threads busy");
        double[] times = Times(answer, count, Stopwatch.GetElapsedTime(begin).TotalNanoseconds);
        foreach (Tensor tensor in tensors)
        {
            if (tensor.Operand.Role != Role.Input)
                files!.Read(tensor);
        }
        conversation.Forgive();
        return times;
    }

    /// <summary>Removes the files.</summary>
    public void Dispose()
    {
        files?.Dispose();
        files = null;
    }

    /// <summary>The times of an answer to <c>run</c>.</summary>
    /// <exception cref="PeerException">There are none, or they cannot be.</exception>
    internal static double[] Times(PeerAnswer answer, int count, double elapsed)
    {
        double[] times = answer.Nanoseconds ?? throw new PeerException("answered a run without nanoseconds");
        if (times.Length != count)
            throw new PeerException($"gave the times of {times.Length:N0} calls instead of {count:N0}");
        if (!times.All(time => time >= ShortestNs) || times.Sum() > elapsed)
            throw new PeerException(
                $"gave times that cannot be: {count:N0} calls of {times.Min():g3} … {times.Max():g3} ns in {elapsed:g3} ns");
        return times;
    }

    private TimeSpan Patience(AttentionProblem problem, int count) =>
        patience + TimeSpan.FromSeconds(Math.Min(1e6, count * problem.DenseFlops / SlowestFlopsPerSecond));
}
