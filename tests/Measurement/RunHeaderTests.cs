using Kernels.Bench;
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
    public void A_run_of_another_machine_cannot()
    {
        Refused("another machine", Machine with { Processor = "another" });
        Refused("another machine", Machine with { Cores = Machine.Cores + 1 });
        Refused("another runtime", Machine with { Runtime = "another" });
        Refused("other instruction sets", Machine with { InstructionSets = ["another"] });
        Refused("other runtime settings", Machine with { RuntimeSettings = new Dictionary<string, string> { ["TieredPGO"] = "true" } });
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
    public void It_lists_every_kernel_of_the_catalog() =>
        Assert.Equal(Catalog.All.Select(kernel => kernel.Info.Name), header.Results.Kernels.Select(kernel => kernel.Name));

    private void Refused(string reason, MachineInfo other) =>
        Assert.Contains(reason, Assert.Throws<UserError>(() => header.RequireSame(other, Samples.Request, Catalog.All)).Message);
}
