using Kernels.Results;
using Kernels.Tests.Report;
using Xunit;

namespace Kernels.Tests.Measurement;

/// <summary>What is taken for a handicap or a disturbance, and what is not.</summary>
[RunsOnce]
public class ConditionsTests
{
    private static readonly MachineInfo machine = Synthetic.Machine("m") with
    {
        Model = new ProcessorModel { Vectors = VectorSet.Avx512 },
        OpenBlas = new OpenBlasUse("SkylakeX", 1),
        Environment = new ProcessEnvironment { AllowedProcessors = "0-1", OnlineProcessors = "0-1", LoadAverage = 7 },
    };

    [Fact]
    public void A_machine_as_it_should_be_has_none() => Assert.Empty(Handicaps.Of(machine, 2));

    [Theory]
    [InlineData("Haswell", "OPENBLAS_CORETYPE=Haswell: OpenBLAS computes with AVX2, as for Haswell, where this machine has AVX-512")]
    [InlineData("Sandybridge", "computes with AVX, as")]
    [InlineData("Nehalem", "computes with SSE, as")]
    [InlineData("Cooperlake", null)]
    [InlineData("a core of the future", null)]
    public void A_core_of_OpenBLAS_below_the_machine_is_one(string core, string? expected) =>
        Expect(expected, With(("OPENBLAS_CORETYPE", core)) with { OpenBlas = new OpenBlasUse(core, 1) });

    [Fact]
    public void So_is_one_that_OpenBLAS_chose_itself() =>
        Expect("OpenBLAS computes with AVX2, as for Zen", machine with { OpenBlas = new OpenBlasUse("Zen", 1) });

    [Fact]
    public void A_narrow_core_on_a_narrow_machine_is_none() => Assert.Empty(Handicaps.Of(
        machine with { OpenBlas = new OpenBlasUse("Haswell", 1), Model = new ProcessorModel { Vectors = VectorSet.Avx2 } }, 2));

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "0", true)]
    [InlineData("COMPlus_EnableAVX2", "0x0", true)]
    [InlineData("DOTNET_EnableAVX512", "1", false)]
    [InlineData("DOTNET_EnableDiagnostics", "0", false)]
    [InlineData("DOTNET_TieredPGO", "1", true)]
    [InlineData("DOTNET_PreferredVectorBitWidth", "100", true)]
    [InlineData("DOTNET_PROCESSOR_COUNT", "64", true)]
    [InlineData("DOTNET_PROCESSOR_COUNT", "2", false)]
    [InlineData("DOTNET_gcServer", "1", false)]
    [InlineData("CORECLR_ENABLE_PROFILING", "1", true)]
    [InlineData("CORECLR_ENABLE_PROFILING", "0", false)]
    [InlineData("LD_PRELOAD", "libjemalloc.so", true)]
    [InlineData("LD_LIBRARY_PATH", "/opt/lib", false)]
    [InlineData("MALLOC_PERTURB_", "165", true)]
    [InlineData("MALLOC_ARENA_MAX", "2", false)]
    [InlineData("OPENBLAS_L2_SIZE", "512", true)]
    [InlineData("OPENBLAS_L2_SIZE", "1024", false)]
    [InlineData("OPENBLAS_NUM_THREADS", "1", false)]
    [InlineData("OMP_NUM_THREADS", "1", false)]
    public void A_variable_is_one_only_where_it_costs_time(string name, string value, bool isHandicap) =>
        Expect(isHandicap ? $"{name}={value}: " : null, With((name, value)));

    [Fact]
    public void Limits_are_one_for_as_many_threads()
    {
        MachineInfo WithLimit(Func<ProcessEnvironment, ProcessEnvironment> change) => machine with { Environment = change(machine.Environment!) };

        Expect("allows 1.5 processors, for up to 2 threads", WithLimit(each => each with { ProcessorQuota = 1.5 }));
        Expect(null, WithLimit(each => each with { ProcessorQuota = 2 }));
        Expect("may run on 1 of 2 processors alone (1)", WithLimit(each => each with { AllowedProcessors = "1" }), threads: 1);
        Expect("up to 3 threads share 2 processors", machine, threads: 3);
        Expect("governed by powersave (acpi-cpufreq)", WithLimit(each => each with { Governor = "powersave (acpi-cpufreq)" }));
        Expect(null, WithLimit(each => each with { Governor = "powersave (intel_pstate)" }));
    }

    [Theory]
    [InlineData("0", 1)]
    [InlineData("0-3,8,10-11", 7)]
    [InlineData("", null)]
    [InlineData("3-1", null)]
    [InlineData("x-2", null)]
    public void Processors_of_a_list_are_counted(string list, int? count) => Assert.Equal(count, ProcessEnvironment.Count(list));

    [Fact]
    public void A_quiet_run_has_no_warning()
    {
        RunResults run = Quiet();
        Assert.Equal((true, "quiet"), (run.Conditions.Quiet, run.Conditions.Word));
    }

    [Theory]
    [InlineData(-0.54, "fell by 54 %")]
    [InlineData(0.76, "rose by 76 %")]
    [InlineData(0.049, null)]
    public void A_peak_that_moved_is_a_disturbance_and_has_no_shares(double drift, string? expected)
    {
        var ceilings = new Ceilings { FmaPeaks = [new("AVX-512", 1, 100), new("AVX-512", 2, 200)], ReadBandwidths = [], PeakDrift = drift };

        Expect(expected, Quiet() with { Ceilings = ceilings });
        Assert.Equal(expected is null ? 200 : null, ceilings.SteadyPeakGflops(2));
        Assert.Equal(200, ceilings.PeakGflops(2));
    }

    [Fact]
    public void Each_number_of_threads_has_its_own_drift()
    {
        var ceilings = new Ceilings
        {
            FmaPeaks = [new("AVX-512", 1, 100) { Drift = 0.01 }, new("AVX2", 1, 60) { Drift = 0.5 }, new("AVX-512", 2, 200) { Drift = -0.2 }],
            ReadBandwidths = [],
            PeakDrift = 0.01,
        };

        Assert.Equal((100, null), (ceilings.SteadyPeakGflops(1), ceilings.SteadyPeakGflops(2)));
        Expect("of 2 threads fell by 20 %", Quiet() with { Ceilings = ceilings });
    }

    [Theory]
    [InlineData(2, 99, true)]
    [InlineData(2, 110, false)]
    [InlineData(64, 1500, true)]
    [InlineData(64, 2500, false)]
    public void Threads_reach_together_what_one_reaches(int threads, double gflops, bool isDisturbed) =>
        Expect(isDisturbed ? "had no processors of their own" : null, Quiet() with
        {
            Ceilings = new Ceilings { FmaPeaks = [new("AVX-512", 1, 100), new("AVX-512", threads, gflops)], ReadBandwidths = [] },
        });

    [Fact]
    public void More_than_the_peak_wide_intervals_and_lost_problems_are_disturbances()
    {
        RunResults quiet = Quiet();
        CaseResult first = quiet.Cases[0];

        Expect("1 case is above the multiply-add peak, by up to 78 %", quiet with { Cases = [first with { CeilingShare = 1.78 }] });
        Expect("interval of 1 of 1 times is wider than ±10 %, up to ±774 %", quiet with
        {
            Cases = [first with { Timing = first.Timing! with { LowNs = first.Timing.MedianNs / 2, HighNs = first.Timing.MedianNs * 15.98 } }],
        });
        Expect("no kernel was measured on vit-b16 with 1 thread and 1 more", quiet with
        {
            Cases = [first, Skipped("vit-b16", 1), Skipped("vit-b16", 2), Skipped("bert", 2), first with { Shape = "bert", Threads = 2 }],
        });

        CaseResult Skipped(string shape, int threads) =>
            Synthetic.Unmeasured(CaseStatus.Skipped, "the budget is spent", first.Kernel, "b1-h1-q4-k4-d4") with { Shape = shape, Threads = threads };
    }

    [Fact]
    public void A_peer_with_fewer_threads_than_it_was_given_is_a_handicap()
    {
        KernelResult peer = Synthetic.Kernel("peer-slow", passed: 1) with { ThreadsBusy = new Dictionary<int, double> { [1] = 0.4, [2] = 1.02 } };

        Expect("peer-slow was given 2 threads and kept at most 1.02 busy", Quiet() with { Kernels = [peer] });
        Expect(null, Quiet() with { Kernels = [peer with { ThreadsBusy = new Dictionary<int, double> { [2] = 1.9 } }] });
    }

    private static MachineInfo With(params (string Name, string Value)[] variables) => machine with
    {
        Environment = machine.Environment! with { Variables = variables.ToDictionary(each => each.Name, each => each.Value) },
    };

    private static RunResults Quiet() => Synthetic.Run() with
    {
        Machine = machine,
        Cases = [Synthetic.Measured("flash-a", "b1-h8-q128-k128-d64") with { CeilingShare = 0.9 }],
    };

    private static void Expect(string? expected, MachineInfo handicapped, int threads = 2) => Expect(expected, Handicaps.Of(handicapped, threads));

    private static void Expect(string? expected, RunResults run) => Expect(expected, run.Conditions.Warnings);

    private static void Expect(string? expected, IEnumerable<Warning> warnings)
    {
        if (expected is null)
            Assert.Empty(warnings);
        else
            Assert.Contains(expected, Assert.Single(warnings, warning => warning.Text.Contains(expected, StringComparison.Ordinal)).Text);
    }
}
