using Kernels.Abstractions;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Tests.Report;

/// <summary>Results as a run would write them, made up so that their figures are known.</summary>
internal static class Synthetic
{
    public const string Wrong = "simd-wrong";

    public const string Hostile = "simd-<script>alert(1)</script>&\"'|,\u0001";

    private const string NoDriver = "no NVIDIA driver: libcuda.so.1 not found";

    /// <summary>Median of a case: quadratic in the keys for softmax kernels, linear for the others.</summary>
    public static double Nanoseconds(string kernel, int keys) => kernel switch
    {
        ReportData.Baseline => 40.0 * keys * keys,
        "linear-elu" => 500.0 * keys,
        _ => 1.0 * keys * keys,
    };

    /// <summary>A run with two sweeps, a model's shape, and every status.</summary>
    public static RunResults Run(string machine = "amd-epyc-2c", string id = "2026-11-22T0830-quick") => new()
    {
        Run = Info(id),
        Machine = Machine(machine),
        Ceilings = new Ceilings
        {
            FmaPeaks = [new("AVX-512", 1, 108), new("AVX2", 1, 100), new("AVX-512", 2, 212)],
            ReadBandwidths = [new("L2", 1, 524_288, 100), new("DRAM", 2, 268_435_456, 25)],
        },
        Validator = new ValidatorScore(1, 2,
        [
            new("wrong-mean-v", "ignores q and k", "tolerance", true, "b1-h1-q2-k2-d4: error is 0.3"),
            new("wrong-stale", "keeps state", "state", false, null),
        ]),
        Kernels =
        [
            Kernel(ReportData.Baseline, passed: 10), Kernel("flash-avx512-6x64", passed: 9, warned: 1), Kernel(Hostile, passed: 3),
            Kernel(Wrong, passed: 7, failed: 3), LinearKernel(), Unavailable("gpu-cuda-flash"),
        ],
        Cases = [.. Sweep("full"), .. Sweep("causal"), .. Others()],
    };

    public static RunInfo Info(string id, bool interrupted = false) => new()
    {
        Id = id,
        Started = new DateTimeOffset(2026, 11, 22, 8, 30, 0, TimeSpan.Zero),
        Ended = interrupted ? null : new DateTimeOffset(2026, 11, 22, 8, 33, 0, TimeSpan.Zero),
        Command = "dotnet run -c Release --project bench -- run --suite quick",
        Suite = "quick",
        GitRevision = "85e6548",
        Interrupted = interrupted,
    };

    public static MachineInfo Machine(string name) => new()
    {
        Name = name,
        Processor = $"Processor of {name}",
        Cores = 2,
        Architecture = "X64",
        InstructionSets = ["AVX-512", "AVX2"],
        CacheBytes = new Dictionary<string, long> { ["L1"] = 32_768, ["L2"] = 1_048_576 },
        MemoryBytes = 8L << 30,
        OperatingSystem = "Debian GNU/Linux 12",
        Runtime = ".NET 10.0.12",
        RuntimeSettings = new Dictionary<string, string> { ["TieredPGO"] = "0" },
        Libraries = new Dictionary<string, string> { ["OpenBLAS"] = "0.3.21" },
    };

    public static CaseResult Measured(string kernel, string problem, string? shape = null, int threads = 1)
    {
        AttentionProblem parsed = ProblemName.Parse(problem);
        double median = Nanoseconds(kernel, parsed.Keys);
        bool isLinear = kernel.StartsWith("linear", StringComparison.Ordinal);
        double rate = (isLinear ? (Operation)Operations.LinearElu : Operations.Softmax).Flops(parsed) / median;
        return new CaseResult
        {
            Kernel = kernel,
            Problem = problem,
            Shape = shape,
            Mask = parsed.Mask.Name,
            Threads = threads,
            Status = CaseStatus.Measured,
            Timing = new Timing(median, median * 0.98, median * 1.02, 15),
            ExactGflops = rate,
            DenseGflops = parsed.DenseFlops / median,
            // No more than a machine can do, whatever the made-up times.
            CeilingShare = Math.Min(1, rate / 108),
            ExecutedGflops = isLinear ? 1.5 * rate : null,
            ExecutedShare = isLinear ? Math.Min(1, 1.5 * rate / 108) : null,
            ScratchBytes = 65_536,
            AllocatedBytesPerCall = 0,
            Errors = new ErrorCard(2.5e-7, 1.5e-14, 0.8, 2, [0, 0, 3, 5], 256, 1024),
        };
    }

    public static CaseResult Unmeasured(CaseStatus status, string reason, string kernel, string problem) => new()
    {
        Kernel = kernel,
        Problem = problem,
        Mask = "full",
        Threads = 1,
        Status = status,
        Reason = reason,
    };

    public static KernelResult Kernel(string name, int passed, int failed = 0, int warned = 0) => new()
    {
        Name = name,
        Family = name.Split('-')[0],
        Operation = Operations.Softmax.Name,
        Format = Format.Float32.Name,
        Idea = $"The idea of {name}",
        Available = true,
        Gate = new GateResult
        {
            Passed = passed,
            Failed = failed,
            Warned = warned,
            Refused = 1,
            Failure = failed == 0 ? null : "b1-h2-q65-k65-d64 normal seed 1: the last tile is missing",
            WorstCase = "b1-h2-q64-k64-d64 peaked seed 1",
            Worst = new ErrorCard(3.1e-7, 2e-14, failed == 0 ? 1.2 : 5e4, 2, [0, 1, 33, 12], 128, 128),
        },
    };

    private static IEnumerable<CaseResult> Sweep(string mask)
    {
        string suffix = mask == "full" ? "" : $"-{mask}";
        foreach (int length in new[] { 128, 256, 512, 1024 })
        {
            string problem = $"b1-h8-q{length}-k{length}-d64{suffix}";
            foreach (string kernel in new[] { ReportData.Baseline, "flash-avx512-6x64", Hostile, Wrong, "linear-elu" })
                yield return Measured(kernel, problem);
        }
    }

    private static IEnumerable<CaseResult> Others()
    {
        yield return Measured("flash-avx512-6x64", "b1-h12-q197-k197-d64", "vit-b16", threads: 2);
        yield return Measured(ReportData.Baseline, "b1-h12-q197-k197-d64", "vit-b16", threads: 2);
        yield return Unmeasured(CaseStatus.Unsupported, NoDriver, "gpu-cuda-flash", "b1-h8-q128-k128-d64");
        yield return Unmeasured(CaseStatus.Failed, "the kernel threw: \"out\", of range", ReportData.Baseline, "b1-h8-q64-k64-d64");
        yield return Unmeasured(CaseStatus.Timeout, "ran longer than 20 s", ReportData.Baseline, "b1-h8-q8192-k8192-d64");
        yield return Unmeasured(CaseStatus.Skipped, "predicted 70 s exceeds the budget", ReportData.Baseline, "b1-h8-q16384-k16384-d64");
    }

    private static KernelResult LinearKernel() => Kernel("linear-elu", passed: 5) with
    {
        Operation = Operations.LinearElu.Name,
        Gate = Kernel("linear-elu", passed: 5).Gate! with
        {
            DeviationFromSoftmax = new Dictionary<string, double> { ["normal"] = 0.31, ["peaked"] = 0.92, ["constant"] = 0 },
        },
    };

    private static KernelResult Unavailable(string name) =>
        Kernel(name, 0) with { Available = false, Reason = NoDriver, Gate = null };
}
