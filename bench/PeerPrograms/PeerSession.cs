using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Validation;

namespace Kernels.Bench.PeerPrograms;

/// <summary>
/// What is asked of one operator of a peer. Each operator has a process of its own, so that what one of them keeps or spoils does not
/// reach the others.
/// </summary>
internal sealed class PeerSession : IDisposable
{
    // What a peer may take for a call in addition to its own start: slower than plain loops in an interpreter, and it hangs.
    private const double SlowestFlopsPerSecond = 1e7;

    private readonly PeerManifest manifest;
    private readonly TimeSpan patience;
    private readonly PeerConversation conversation;
    private readonly Lock oneAtATime = new();
    private readonly Dictionary<AttentionProblem, string?> refusals = [];
    private PeerFiles? files;
    private (AttentionInputs? Inputs, int Threads) loaded;

    public PeerSession(PeerManifest manifest, PeerOperator @operator, string folder, TimeSpan patience)
    {
        this.manifest = manifest;
        this.patience = patience;
        Operator = @operator;
        conversation = new PeerConversation(manifest, @operator.Name, folder, patience);
    }

    /// <summary>What the session is about.</summary>
    public PeerOperator Operator { get; }

    /// <summary>Name of the peer.</summary>
    public string Peer => manifest.Name;

    /// <summary>Why the peer is not there, with the command that installs it; null when it is.</summary>
    public string? Absent => conversation.Absent is { } absent ? $"{absent}; to install it: {manifest.Install}" : null;

    /// <inheritdoc cref="PeerConversation.Version"/>
    public string? Version => conversation.Version;

    /// <inheritdoc cref="PeerConversation.Broken"/>
    public string? Broken => conversation.Broken;

    /// <summary>
    /// Why the operator does not take a problem; null when it does, and when the peer cannot say: then computing fails too.
    /// </summary>
    public string? Refusal(AttentionProblem problem)
    {
        lock (oneAtATime)
        {
            if (refusals.TryGetValue(problem, out string? known))
                return known;
            try
            {
                var request = new PeerRequest("supports") { Problem = PeerProblem.Of(problem) };
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

    /// <summary>One call on tensors that the peer has not seen before.</summary>
    public void Compute(AttentionProblem problem, in AttentionTensors tensors, int threads)
    {
        lock (oneAtATime)
        {
            Load(problem, tensors.AllQ, tensors.AllK, tensors.AllV, threads, CancellationToken.None);
            Run(problem, 1, tensors.AllOutput, CancellationToken.None);
        }
    }

    /// <summary>Nanoseconds of each of some calls; inputs that were loaded last are not loaded again.</summary>
    public double[] Time(AttentionInputs inputs, int threads, int calls, Span<float> output, CancellationToken stop)
    {
        lock (oneAtATime)
        {
            if (loaded != (inputs, threads))
                Load(inputs.Problem, inputs.Q.Span, inputs.K.Span, inputs.V.Span, threads, stop);
            // Whatever fails here may end the process, and the next one has nothing loaded.
            loaded = default;
            double[] times = Run(inputs.Problem, calls, output, stop);
            loaded = (inputs, threads);
            return times;
        }
    }

    /// <summary>Ends the process and removes its files.</summary>
    public void Dispose()
    {
        lock (oneAtATime)
        {
            conversation.Dispose();
            files?.Dispose();
            files = null;
        }
    }

    private void Load(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, int threads, CancellationToken stop)
    {
        loaded = default;
        files ??= new PeerFiles();
        var request = new PeerRequest("load")
        {
            Problem = PeerProblem.Of(problem),
            Threads = threads,
            Q = files.Write("q", q),
            K = files.Write("k", k),
            V = files.Write("v", v),
        };
        conversation.Ask(request, Patience(problem, calls: 1), stop);
    }

    private double[] Run(AttentionProblem problem, int calls, Span<float> output, CancellationToken stop)
    {
        files!.Forget();
        var request = new PeerRequest("run") { Calls = calls, Output = output.IsEmpty ? null : files.Output };
        long begin = Stopwatch.GetTimestamp();
        PeerAnswer answer = conversation.Ask(request, Patience(problem, calls), stop);
        double elapsed = Stopwatch.GetElapsedTime(begin).TotalNanoseconds;
        double[] times = answer.Nanoseconds ?? throw new PeerException("answered a run without nanoseconds");
        if (times.Length != calls)
            throw new PeerException($"gave the times of {times.Length:N0} calls instead of {calls:N0}");
        if (!times.All(time => time > 0) || times.Sum() > elapsed)
            throw new PeerException(
                $"gave times that cannot be: {calls:N0} calls of {times.Min():g3} … {times.Max():g3} ns in {elapsed:g3} ns");
        if (!output.IsEmpty)
            files.Read(output);
        conversation.Forgive();
        return times;
    }

    private TimeSpan Patience(AttentionProblem problem, int calls) =>
        patience + TimeSpan.FromSeconds(Math.Min(1e6, calls * problem.DenseFlops / SlowestFlopsPerSecond));
}
