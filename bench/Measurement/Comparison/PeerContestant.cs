using Kernels.Bench.PeerPrograms;
using Kernels.Bench.Validation;

namespace Kernels.Bench.Measurement.Comparison;

/// <summary>A peer, which times itself. Its inputs stay loaded from sample to sample.</summary>
internal sealed class PeerContestant(PeerKernel peer, AttentionInputs inputs, Expectation reference, CancellationToken stop) : IContestant
{
    private readonly FencedBuffer output = new(inputs.Problem.QueryLength);
    private double fastest = double.PositiveInfinity;

    /// <inheritdoc/>
    public string Name => peer.Info.Name;

    /// <inheritdoc/>
    public double ExactFlops => peer.Info.Definition.ExactFlops(inputs.Problem);

    /// <inheritdoc/>
    public double? ExecutedFlops => null;

    /// <inheritdoc/>
    public bool RunsOnProcessor => true;

    /// <inheritdoc/>
    public double Sample(int calls)
    {
        output.Span.Fill(float.NaN);
        int warmups = fastest < KernelContestant.LongestCallToWarm ? 1 : 0;
        // The plan knows how long the conversation takes, not the calls in it: of short ones it would ask for a few, and a process that has
        // just woken is slower in those.
        int enough = Math.Max(calls, (int)(RoundPlan.NsPerSample / fastest));
        double ns = peer.Time(inputs, warmups + enough, output.Span, stop).Skip(warmups).Average();
        fastest = Math.Min(fastest, ns);
        return ns;
    }

    /// <inheritdoc/>
    public Verdict Check() => Gate.Compare(peer, inputs.Problem, reference, output.Span);

    /// <inheritdoc/>
    public void Dispose() => output.Dispose();
}
