using Kernels.Abstractions;
using Kernels.Bench.PeerPrograms;
using Kernels.Bench.Results;

namespace Kernels.Bench.Validation;

/// <summary>Puts a kernel through all cases of the gate.</summary>
public static class GateRun
{
    /// <summary>Runs the cases that the kernel does not refuse, and sums up.</summary>
    public static GateResult Validate(AttentionKernel kernel, GateOptions options, IProgress<GateProgress>? progress = null) =>
        Tally(kernel, options, progress).Result(SoftmaxDeviation.Measure(kernel.Info, options));

    /// <summary>Why a case is not tried on a kernel; null when it is.</summary>
    internal static string? WhyNot(AttentionKernel kernel, GateCase gateCase) =>
        gateCase.Injection is not null && kernel is PeerKernel { FiniteInputsOnly: true }
            ? "promises nothing of inputs that are not finite"
            : kernel.WhyNot(gateCase.Problem);

    /// <summary>Runs the cases that the kernel does not refuse.</summary>
    internal static GateTally Tally(AttentionKernel kernel, GateOptions options, IProgress<GateProgress>? progress)
    {
        var tally = new GateTally(kernel);
        // A peer has threads of its own, and need not give the same bits with any number of them. So has an emulator, which is slow besides: the
        // one work item of a device's kernel is the same call in a team.
        ThreadedKernel[] threaded = kernel is PeerKernel or DeviceKernel { IsEmulated: true }
            ? []
            : [.. options.Threads.Where(threads => threads > 1).Select(threads => new ThreadedKernel(kernel, threads))];
        try
        {
            for (int done = 0; done < options.Cases.Count && !(options.StopAtFirstFailure && tally.Failed > 0); done++)
            {
                GateCase gateCase = options.Cases[done];
                progress?.Report(new(kernel.Info.Name, done, options.Cases.Count));
                if (WhyNot(kernel, gateCase) is null)
                    tally.Add(gateCase, Judge(kernel, threaded, gateCase, options));
                else
                    tally.AddRefusal(gateCase);
            }
            progress?.Report(new(kernel.Info.Name, options.Cases.Count, options.Cases.Count));
        }
        finally
        {
            foreach (ThreadedKernel kernelOfTeam in threaded)
                kernelOfTeam.Dispose();
        }
        return tally;
    }

    private static Verdict Judge(AttentionKernel kernel, ThreadedKernel[] threaded, GateCase gateCase, GateOptions options)
    {
        AttentionInputs inputs = options.Cache.Inputs(gateCase);
        Expectation reference = options.Cache.Reference(gateCase, kernel.Info.Definition, kernel.Info.Precision);
        return Gate.Run(kernel, gateCase.Problem, inputs, reference, options.Fence, threaded);
    }
}
