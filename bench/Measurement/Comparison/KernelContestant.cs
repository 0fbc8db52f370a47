using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Bench.Validation;

namespace Kernels.Bench.Measurement.Comparison;

/// <summary>A kernel of the catalog with a team of threads, output and scratch of its own; the inputs are shared.</summary>
internal sealed class KernelContestant : IContestant
{
    /// <summary>Nanoseconds; a longer call visits its memory often enough to make its own warmth.</summary>
    public const double LongestCallToWarm = 0.05e9;

    private readonly AttentionKernel kernel;
    private readonly ThreadedKernel team;
    private readonly AttentionInputs inputs;
    private readonly Expectation reference;
    private readonly ColdStart? coldStart;
    private readonly FencedBuffer output, scratch;
    private double fastest = double.PositiveInfinity;

    /// <summary>Starts the team. With <paramref name="eviction"/>, the caches are emptied before every call.</summary>
    public KernelContestant(AttentionKernel kernel, int threads, AttentionInputs inputs, Expectation reference, CacheEviction? eviction)
    {
        this.kernel = kernel;
        this.inputs = inputs;
        this.reference = reference;
        team = new ThreadedKernel(kernel, threads);
        coldStart = eviction is null ? null : new ColdStart(eviction, team, inputs.Problem);
        output = new FencedBuffer(inputs.Problem.QueryLength);
        scratch = new FencedBuffer(CaseMemory.ScratchFloats(team, inputs.Problem));
    }

    /// <inheritdoc/>
    public string Name => kernel.Info.Name;

    /// <inheritdoc/>
    public double ExactFlops => kernel.Info.Definition.ExactFlops(inputs.Problem);

    /// <inheritdoc/>
    public double? ExecutedFlops => kernel.ExecutedFlops(inputs.Problem);

    /// <inheritdoc/>
    public bool RunsOnProcessor => kernel.Device is null;

    /// <inheritdoc/>
    public double Sample(int calls)
    {
        output.Span.Fill(float.NaN);
        double total = 0;
        if (coldStart is not null)
            for (int call = 0; call < calls; call++)
            {
                coldStart.Prepare();
                total += Nanoseconds(1);
            }
        else
        {
            if (fastest < LongestCallToWarm)
                Nanoseconds(1);
            total = Nanoseconds(calls);
        }
        fastest = Math.Min(fastest, total / calls);
        return total / calls;
    }

    /// <inheritdoc/>
    public Verdict Check() => Gate.Compare(kernel, inputs.Problem, reference, output.Span);

    /// <inheritdoc/>
    public void Dispose()
    {
        team.Dispose();
        output.Dispose();
        scratch.Dispose();
    }

    private double Nanoseconds(int calls)
    {
        long start = Stopwatch.GetTimestamp();
        for (int call = 0; call < calls; call++)
            team.Forward(inputs.Problem, inputs.Q.Span, inputs.K.Span, inputs.V.Span, output.Span, scratch.Span);
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }
}
