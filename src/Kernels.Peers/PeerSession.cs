using System.Collections.Concurrent;
using System.Collections.Immutable;
using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Peers;

/// <summary>
/// What is asked of one operation of one operator of a peer in one format. Each has a process of its own, so that what one of them keeps
/// or spoils does not reach the others.
/// </summary>
internal sealed class PeerSession : IDisposable
{
    private readonly PeerManifest manifest;
    private readonly TimeSpan patience;
    private readonly PeerConversation conversation;
    private readonly PeerCalls calls;
    private readonly Lock oneAtATime = new();
    private readonly Dictionary<AttentionProblem, string?> refusals = [];
    private readonly ConcurrentDictionary<int, double> threadsBusy = [];
    private (object? Memory, int Threads) loaded;

    public PeerSession(
        PeerManifest manifest, PeerOperator @operator, AttentionOperation operation, Format format, string folder, TimeSpan patience)
    {
        this.manifest = manifest;
        this.patience = patience;
        Operator = @operator;
        Operation = operation;
        Format = format;
        conversation = new PeerConversation(manifest, @operator.Name, folder, patience);
        calls = new PeerCalls(conversation, operation.Name, patience);
    }

    /// <summary>What the session is about.</summary>
    public PeerOperator Operator { get; }

    /// <summary>What it computes.</summary>
    public AttentionOperation Operation { get; }

    /// <summary>Formats of its operands.</summary>
    public Format Format { get; }

    /// <summary>Name of the peer.</summary>
    public string Peer => manifest.Name;

    /// <summary>Why the peer is not there, with the command that installs it; null when it is.</summary>
    public string? Absent => conversation.Absent is { } absent ? $"{absent}; to install it: {manifest.Install}" : null;

    /// <inheritdoc cref="PeerConversation.Version"/>
    public string? Version => conversation.Version;

    /// <summary>The most threads that timed calls kept busy, by the number given; empty for a peer that does not say.</summary>
    public IReadOnlyDictionary<int, double> ThreadsBusy => threadsBusy;

    /// <inheritdoc cref="PeerConversation.Broken"/>
    public string? Broken => conversation.Broken;

    /// <summary>
    /// Why the operator does not take a problem; null when it does, and when the peer cannot say: then computing fails too.
    /// </summary>
    public string? Refusal(AttentionProblem problem, ImmutableArray<Operand> operands)
    {
        lock (oneAtATime)
        {
            if (refusals.TryGetValue(problem, out string? known))
                return known;
            try
            {
                var request = new PeerRequest("supports")
                {
                    Operation = Operation.Name,
                    Problem = PeerProblem.Of(problem),
                    Operands = operands.ToDictionary(each => each.Name, PeerOperand.Of),
                };
                PeerAnswer answer = conversation.Ask(request, patience, CancellationToken.None);
                return refusals[problem] = answer.Refusal is { } refusal ? OneLine.Clean(refusal) : null;
            }
            catch (PeerException)
            {
                loaded = default;
                return null;
            }
        }
    }

    /// <summary>One call on operands that may have changed since the peer saw them last.</summary>
    public void Compute(AttentionProblem problem, ReadOnlySpan<Tensor> tensors, int threads)
    {
        lock (oneAtATime)
        {
            loaded = default;
            calls.Load(problem, tensors, threads, CancellationToken.None);
            calls.Run(problem, tensors, 1, CancellationToken.None);
        }
    }

    /// <summary>What was loaded is out of date.</summary>
    public void Forget()
    {
        lock (oneAtATime)
            loaded = default;
    }

    /// <summary>Nanoseconds of each of some calls; what was loaded last from the same memory is not loaded again.</summary>
    public double[] Time(
        object memory, AttentionProblem problem, ReadOnlySpan<Tensor> tensors, int threads, int count, CancellationToken stop)
    {
        lock (oneAtATime)
        {
            // A call that accumulates goes on from what the operands hold now, and the calls before have changed that.
            bool isLoaded = loaded == (memory, threads) && !Accumulates(tensors);
            // Whatever fails here may end the process, and the next one has nothing loaded.
            loaded = default;
            if (!isLoaded)
                calls.Load(problem, tensors, threads, stop);
            double[] times = calls.Run(problem, tensors, count, stop);
            loaded = (memory, threads);
            if (calls.ThreadsBusy is { } busy)
                threadsBusy.AddOrUpdate(threads, busy, (_, before) => Math.Max(before, busy));
            return times;
        }
    }

    /// <summary>Ends the process and removes its files.</summary>
    public void Dispose()
    {
        lock (oneAtATime)
        {
            loaded = default;
            conversation.Dispose();
            calls.Dispose();
        }
    }

    private static bool Accumulates(ReadOnlySpan<Tensor> tensors)
    {
        foreach (Tensor tensor in tensors)
        {
            if (tensor.Operand.Role == Role.Accumulated)
                return true;
        }
        return false;
    }
}
