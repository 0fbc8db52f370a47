using Kernels.Abstractions;
using Kernels.Bench;
using Kernels.Measurement.Cases;
using Kernels.Measurement.Runs;
using Kernels.Naive;
using Kernels.Results;

namespace Kernels.Tests.Measurement;

/// <summary>A run to be stored.</summary>
internal static class Samples
{
    public static RunRequest Request { get; } = Of(new ThreePass(), new TripleLoop());

    public static RunRequest Of(params Kernel[] kernels) => new()
    {
        Suite = "custom",
        Command = "run --shapes h1-q8-d4,h2/1-q8-d4",
        Plan =
        [
            .. from problem in new[] { new AttentionProblem(1, 1, 1, 8, 8, 4), new AttentionProblem(1, 2, 1, 8, 8, 4, AttentionMask.Causal) }
               from kernel in kernels
               select new PlannedCase(kernel, null, problem, 1),
        ],
        CaseTime = TimeSpan.FromSeconds(0.05),
        CaseLimit = TimeSpan.FromSeconds(10),
    };

    public static RunHeader Header(RunRequest? request = null) => RunHeader.Of(
        request ?? Request,
        new RunInfo { Id = "test", Started = new DateTimeOffset(2026, 11, 22, 8, 30, 0, TimeSpan.Zero), Command = "run", Suite = "custom" },
        ThisMachine.Read(), Catalog.All);

    public static CaseResult Measured(PlannedCase planned, double nanoseconds) => planned.Result(CaseStatus.Measured) with
    {
        Timing = new Timing(nanoseconds, nanoseconds / 2, nanoseconds * 2, 9),
        ExactGflops = planned.ExactFlops / nanoseconds,
        GigabytesPerSecond = planned.Bytes / nanoseconds,
    };
}
