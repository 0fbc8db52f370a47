using Kernels.Abstractions;
using Kernels.Bench;
using Kernels.Bench.Commands.Selection;
using Kernels.Measurement.Cases;
using Kernels.Measurement.Runs;
using Kernels.Naive;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Measurement;

/// <summary>A mask that a file defines: results have its pattern, so that nobody opens the file, and a run goes on with the same.</summary>
public sealed class PatternFileTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly string file, folder;

    public PatternFileTests() => (file, folder) = (temporary.File("pattern.txt"), temporary.File("run"));

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void A_report_draws_the_pattern_when_the_file_is_gone()
    {
        Begin("10\n11\n");
        File.Delete(file);

        ReportCase shown = Assert.Single(new ReportData([RunStore.Open(folder).Assemble()]).Cases);

        Assert.Equal(["10", "11"], shown.Problem!.Mask.Lines);
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("pattern.txt")]
    public void A_report_opens_no_file_that_results_name(string name)
    {
        File.WriteAllText(file, "10\n11\n");
        CaseResult result = Samples.Measured(Samples.Request.Plan[0], 10) with { Problem = $"b1-h1-q20-k20-d4-blocks16@{Path.Combine(temporary.Path, name)}" };

        Assert.Null(Assert.Single(new ReportData([Samples.Header().Results with { Cases = [result] }]).Cases).Problem);
    }

    [Fact]
    public void A_run_goes_on_with_its_pattern_when_the_file_is_gone_and_not_with_another_one()
    {
        Begin("10\n11\n");
        File.Delete(file);
        Require(RunStore.Open(folder).Header);
        File.WriteAllText(file, "10\n11\n");
        Require(RunStore.Open(folder).Header);
        File.WriteAllText(file, "11\n11\n");

        Assert.Contains("with another pattern in the file of blocks16@", Assert.Throws<UserError>(() => Require(RunStore.Open(folder).Header)).Message);
    }

    [Fact]
    public void A_device_is_no_pattern()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "There is no /dev/zero.");
        Assert.Contains("the file is empty", Assert.Throws<FormatException>(() => MaskName.Parse("blocks16@/dev/zero")).Message);
    }

    private void Begin(string pattern)
    {
        File.WriteAllText(file, pattern);
        var planned = new PlannedCase(new ThreePass(), null, ProblemName.Parse($"b1-h1-q20-k20-d4-blocks16@{file}"), 1);
        using RunStore store = RunStore.Create(folder, Samples.Header(Samples.Request with { Plan = [planned] }));
        store.Save(Samples.Measured(planned, 10));
    }

    private static void Require(RunHeader header)
    {
        RunRequest request = header.ToRequest(budget: null, (name, device) => KernelSelection.One(name, device));
        Assert.Equal(["10", "11"], request.Plan[0].Problem.Mask.Lines);
        header.RequireSame(ThisMachine.Read(), request, Catalog.All);
    }
}
