using Kernels.Abstractions;
using Kernels.Bench;
using Kernels.Bench.Commands.Selection;
using Kernels.Bench.Suites;
using Kernels.Measurement.Cases;
using Kernels.Measurement.Runs;
using Xunit;

namespace Kernels.Tests.Measurement;

[RunsOnce]
public class SuiteTests
{
    public static TheoryData<string> Names => [.. AllSuites.All.Select(suite => suite.Name)];

    [Fact]
    public void Names_are_unique() => Assert.Equal(AllSuites.All.Count, AllSuites.All.Select(suite => suite.Name).Distinct().Count());

    [Theory]
    [MemberData(nameof(Names))]
    public void Problems_have_names_that_read_back(string name)
    {
        foreach (SuiteEntry entry in Of(name).Entries)
        {
            Assert.NotNull(entry.Problem.Shape);
            Assert.Equal(entry.Problem.Problem, ProblemName.Parse(entry.Problem.Problem.ToString()));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_problem_occurs_twice(string name) =>
        Assert.Distinct(Of(name).Entries.Select(entry => entry.Problem.Problem.ToString()));

    [Theory]
    [MemberData(nameof(Names))]
    public void Cases_have_file_names_of_their_own(string name)
    {
        IReadOnlyList<PlannedCase> plan = RunRequest.PlanOf(
            from entry in Of(name).Entries
            from threads in entry.ThreadCounts(processors: 4)
            from kernel in entry.KernelsAmong(Catalog.All)
            select new PlannedCase(kernel, entry.Problem.Shape, entry.Problem.Problem, threads));

        Assert.Distinct(plan.Select(planned => planned.Key), StringComparer.OrdinalIgnoreCase);
        Assert.All(plan, planned => Assert.Matches("^[a-z0-9._+-]{1,120}$", planned.Key));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Limits_leave_room_for_the_samples(string name)
    {
        Suite suite = Of(name);

        Assert.InRange(suite.CaseTime, TimeSpan.FromSeconds(0.1), suite.CaseLimit);
        Assert.True(suite.Budget is null || suite.Budget > suite.CaseLimit);
    }

    [Fact]
    public void The_quick_suite_has_every_model_shape() =>
        Assert.Subset(Of("quick").Entries.Select(entry => entry.Problem).ToHashSet(), NamedShapes.All.ToHashSet());

    [Fact]
    public void The_first_problem_of_a_sweep_is_its_smallest()
    {
        foreach (Suite suite in AllSuites.All)
            foreach (IGrouping<string?, SuiteEntry> sweep in suite.Entries.GroupBy(entry => entry.Problem.Shape))
                Assert.Equal(sweep.Min(entry => Operations.Softmax.Flops(entry.Problem.Problem)), Operations.Softmax.Flops(sweep.First().Problem.Problem));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_item_of_its_kernels_is_in_the_catalog_or_a_peer(string name)
    {
        IEnumerable<string> globs = Of(name).Entries.Select(entry => entry.Kernels)
            .OfType<SuiteKernels>().SelectMany(kernels => kernels.Items).SelectMany(item => item);

        Assert.All(globs.Distinct().Where(glob => !glob.StartsWith("peer-", StringComparison.Ordinal)), glob => Assert.NotEmpty(KernelSelection.Parse(glob)));
    }

    [Fact]
    public void Of_several_instruction_sets_an_entry_has_the_first_that_the_machine_has()
    {
        Kernel[] present = [new Present("simd-portable"), new Present("flash-b", "no AVX"), new Present("flash-a"), new Present("flash-portable")];

        Assert.Equal(["simd-portable", "flash-a"], Among("flash-b|flash-a|flash-portable", "simd-*"));
        // Where the machine has none of them, the report says why of the first.
        Assert.Equal(["flash-b"], Among("flash-b|flash-c"));
        Assert.Empty(Among("peer-*"));

        IEnumerable<string> Among(params string[] items) => new SuiteKernels(items).Among(present).Select(kernel => kernel.Info.Name);
    }

    [Fact]
    public void The_reference_suite_measures_dense_attention_beside_each_family()
    {
        foreach (SuiteEntry entry in Of("reference").Entries.Where(entry => entry.Problem.Shape == "long" && entry.Problem.Problem.Keys <= 65536))
            Assert.Contains(entry.KernelsAmong(Catalog.All), kernel => kernel is { Unavailable: null, Info.Family: "flash" });
    }

    [Fact]
    public void One_processor_is_not_measured_twice()
    {
        var entry = new SuiteEntry(NamedShapes.BertBase, SuiteThreads.OneAndAll);

        Assert.Equal([1], entry.ThreadCounts(1));
        Assert.Equal([1, 8], entry.ThreadCounts(8));
    }

    private sealed class Present(string name, string? unavailable = null) : AttentionKernel
    {
        public override KernelInfo Info { get; } = new(name, "an idea", Operations.Softmax);

        public override string? Unavailable => unavailable;

        protected override Plan PlanFor(AttentionProblem problem) => new(0);

        protected override void Compute(in AttentionCall call, int stage, int item)
        {
        }
    }

    private static Suite Of(string name) => AllSuites.All.Single(suite => suite.Name == name);
}
