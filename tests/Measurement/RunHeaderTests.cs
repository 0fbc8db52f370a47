using Kernels.Bench;
using Kernels.Measurement.Cases;
using Kernels.Measurement.Runs;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Measurement;

public class RunHeaderTests
{
    private readonly RunHeader header = Samples.Header();

    private MachineInfo Machine => header.Results.Machine;

    [Fact]
    public void The_same_run_can_be_continued() => header.RequireSame(Machine, Samples.Request, Catalog.All);

    [Fact]
    public void What_changes_from_moment_to_moment_may_differ() => header.RequireSame(
        Machine with
        {
            Environment = Machine.Environment! with { LoadAverage = 99 },
            Model = (Machine.Model ?? new ProcessorModel()) with { ClockMhz = 1 },
        },
        Samples.Request, Catalog.All);

    [Fact]
    public void How_often_a_model_has_a_layer_is_kept()
    {
        PlannedCase planned = Samples.Request.Plan[0] with { TimesInModel = 12 };
        RunHeader ofModel = Samples.Header(Samples.Request with { Plan = [planned] });

        Assert.Equal(12, Assert.Single(ofModel.ToRequest(budget: null, (_, _) => planned.Kernel).Plan).TimesInModel);
        Assert.Equal(12, planned.Result(CaseStatus.Measured).TimesInModel);
    }

    [Fact]
    public void A_run_of_another_machine_library_or_environment_cannot()
    {
        Refused("Processor was ", Machine with { Processor = "another" });
        Refused("Processor model was ", Machine with { Model = new ProcessorModel { Family = 1, ClockMhz = Machine.Model?.ClockMhz } });
        Refused($"Cores was {Machine.Cores} and is {Machine.Cores + 1}", Machine with { Cores = Machine.Cores + 1 });
        Refused("L2 cache was ", Machine with { CacheBytes = new Dictionary<string, long> { ["L2"] = 3 } });
        Refused("Memory was ", Machine with { MemoryBytes = 1L << 50 });
        Refused("System was ", Machine with { OperatingSystem = "another" });
        Refused("Kernel was ", Machine with { Kernel = "Linux 1.0" });
        Refused("Runtime was ", Machine with { Runtime = "another" });
        Refused("Instruction sets that the JIT used was ", Machine with { InstructionSets = ["another"] });
        Refused("TieredPGO was ", Machine with { RuntimeSettings = new Dictionary<string, string>(Machine.RuntimeSettings) { ["TieredPGO"] = "another" } });
        Refused("OpenBLAS was ", Machine with { Libraries = new Dictionary<string, string>(Machine.Libraries) { ["OpenBLAS"] = "another" } });
        Refused("Core of OpenBLAS was ", Machine with { OpenBlas = new OpenBlasUse("Katmai", Machine.OpenBlas?.Threads) });
        Refused("MKL_X was absent and is 1", WithEnvironment(each =>
            each with { Variables = new Dictionary<string, string>(each.Variables) { ["MKL_X"] = "1" } }));
        Refused("Allowed processors was ", WithEnvironment(each => each with { AllowedProcessors = "7" }));
        Refused("Processor quota was ", WithEnvironment(each => each with { ProcessorQuota = 0.25 }));
    }

    [Fact]
    public void The_refusal_says_that_the_run_was_made_in_a_clean_environment()
    {
        RunHeader clean = header with
        {
            Results = header.Results with { Machine = WithEnvironment(each => each with { Removed = new Dictionary<string, string>() }) },
        };
        MachineInfo now = WithEnvironment(each => each with { Variables = new Dictionary<string, string>(each.Variables) { ["MKL_X"] = "1" } });

        Assert.EndsWith("it was made with --clean-environment.", Assert.Throws<UserError>(() => clean.RequireSame(now, Samples.Request, Catalog.All)).Message);
    }

    [Fact]
    public void A_run_of_another_build_cannot() =>
        Assert.Contains("other sources", Assert.Throws<UserError>(() =>
            (header with { Build = "another" }).RequireSame(Machine, Samples.Request, Catalog.All)).Message);

    [Fact]
    public void A_run_of_another_selection_cannot()
    {
        RunRequest fewer = Samples.Request with { Plan = [.. Samples.Request.Plan.Skip(1)] };

        Assert.Contains("another selection", Assert.Throws<UserError>(() => header.RequireSame(Machine, fewer, Catalog.All)).Message);
    }

    [Fact]
    public void A_run_whose_captured_inputs_were_others_cannot()
    {
        RunHeader captured = Samples.Header(Samples.Request with { Captured = "those of then" });

        captured.RequireSame(Machine, Samples.Request with { Captured = "those of then" }, Catalog.All);
        Assert.Contains("with other captured inputs", Assert.Throws<UserError>(() =>
            captured.RequireSame(Machine, Samples.Request with { Captured = "those of now" }, Catalog.All)).Message);
    }

    [Fact]
    public void It_lists_every_kernel_of_the_catalog() =>
        Assert.Equal(Catalog.All.Select(kernel => kernel.Info.Name), header.Results.Kernels.Select(kernel => kernel.Name));

    private MachineInfo WithEnvironment(Func<ProcessEnvironment, ProcessEnvironment> change) => Machine with { Environment = change(Machine.Environment!) };

    private void Refused(string reason, MachineInfo other) =>
        Assert.Contains(reason, Assert.Throws<UserError>(() => header.RequireSame(other, Samples.Request, Catalog.All)).Message);
}
