using Kernels.Bench.PeerPrograms;
using Kernels.Bench.Validation;

namespace Kernels.Bench.Measurement;

/// <summary>Lets a peer time itself, by the same plan as other kernels.</summary>
internal sealed class PeerTimer(PeerKernel peer, AttentionInputs inputs, FencedBuffer output, CancellationToken stop) : ICaseTimer
{
    /// <inheritdoc/>
    public double? AllocatedBytesPerCall => null;

    /// <inheritdoc/>
    public double Probe()
    {
        const int MostCalls = 32;
        const double Enough = 0.02e9;
        double first = peer.Time(inputs, 1, [], stop)[0];
        int more = (int)Math.Clamp(Enough / first, 1, MostCalls);
        return Math.Min(first, peer.Time(inputs, more, [], stop).Min()) / 1e9;
    }

    /// <inheritdoc/>
    public double[] NanosecondsPerCall(SamplePlan plan)
    {
        output.Span.Fill(float.NaN);
        if (plan.CallsPerSample > 1)
            peer.Time(inputs, plan.CallsPerSample, [], stop);
        double[] samples = new double[plan.Samples];
        for (int sample = 0; sample < samples.Length; sample++)
            samples[sample] = peer.Time(inputs, plan.CallsPerSample, sample == samples.Length - 1 ? output.Span : [], stop).Average();
        return samples;
    }
}
