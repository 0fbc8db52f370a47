using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>Faults put into the entries of the backward pass: each must be complained about for the right reason, or change the gradients.</summary>
[RunsOnce]
public class BackwardMutationTests
{
    // Of a float that is zero where a pair is not seen.
    private const string Hidden = @"selp\.f32\s+(%f\d+), 0f00000000, (%f\d+),";

    // The copy of the statistics of queries on tensor cores: the comparison that gives its size, and the branch of threads that copy none.
    private const string StatisticsCheck = @"setp\.lt\.s32\s+(%p\d+), ([^;]*);(?=(?:[^;]*;){0,12}?\s*selp\.b32\s+%r\d+, 8, 0, \1;)";
    private const string StatisticsGuard = @"@(%p\d+) bra(\s+\$\w+);(?=(?:(?!\bbra\b)[\s\S])*?cp\.async\.ca)";

    // Ragged ends within the first tile, and in each tile that a copy ahead of its use brings; several tiles of rows and of columns.
    private static readonly string[] raggedShapes = ["q1-k1", "q33-k70", "q65-k33", "q70-k70", "q40-k140", "q140-k40"];

    // Rows that see no key, and a whole tile of queries beside a ragged one.
    private static readonly AttentionProblem banded = ProblemName.Parse("b1-h1-q66-k64-d64-window20+0");

    private static readonly Element[] elements = [Element.Float32, Element.Float16];

    private static readonly Dictionary<Element, Lazy<float[][]>> right =
        elements.ToDictionary(element => element, element => new Lazy<float[][]>(() => Gradients(element, null)));

    private static readonly CudaEntry[] entries = [.. BackwardRun.Entries(elements)];

    private static readonly CudaEntry[] ofSmallHeads = [.. entries.Where(entry => HeadDim(entry) == 64)];

    public static TheoryData<string, int> Barriers => PtxMutation.Places(entries, PtxMutation.Barrier);

    public static TheoryData<string, int> Waits => PtxMutation.Places(entries, PtxMutation.CopyWait);

    public static TheoryData<string, int> Commits => PtxMutation.Places(entries, PtxMutation.CopyCommit);

    public static TheoryData<string, int> RowChecks => PtxMutation.Places(ofSmallHeads, PtxMutation.RowCheck, 4);

    public static TheoryData<string, int> StatisticsChecks => PtxMutation.Places(entries, StatisticsCheck);

    public static TheoryData<string, int> StatisticsGuards => PtxMutation.Places(entries, StatisticsGuard);

    public static TheoryData<string, int> StoreGuards => PtxMutation.Places(ofSmallHeads, StoreMutationTests.StoreGuard);

    public static TheoryData<string, int> HiddenPairs => PtxMutation.Places(ofSmallHeads, Hidden, 15);

    public static TheoryData<string, int> LeftFactors => PtxMutation.Places(ofSmallHeads, PtxMutation.LeftFactor, 9);

    public static TheoryData<string, int> RightFactors => PtxMutation.Places(ofSmallHeads, PtxMutation.RightFactor, 11);

    public static TheoryData<string, int> TransposedLoads => PtxMutation.Places(ofSmallHeads, PtxMutation.Transposed, 3);

    [Theory]
    [MemberData(nameof(Barriers))]
    public void A_removed_barrier_is_found(string name, int index) =>
        AssertComplains(name, PtxMutation.Barrier, index, "", PtxComplaint.Race, PtxComplaint.Uninitialised, PtxComplaint.InFlight);

    [Theory]
    [MemberData(nameof(Waits))]
    public void A_wait_that_is_removed_or_waits_for_one_group_less_touches_what_is_in_flight(string name, int index)
    {
        int pending = PtxMutation.Pending(Entry(name), PtxMutation.CopyWait, index);
        AssertComplains(name, PtxMutation.CopyWait, index, "", PtxComplaint.InFlight);
        AssertComplains(name, PtxMutation.CopyWait, index, $"cp.async.wait_group {pending + 1};", PtxComplaint.InFlight);
    }

    [Theory]
    [MemberData(nameof(Commits))]
    public void A_commit_too_few_touches_what_is_in_flight(string name, int index) =>
        AssertComplains(name, PtxMutation.CopyCommit, index, "", PtxComplaint.InFlight);

    [Theory]
    [MemberData(nameof(RowChecks))]
    public void A_flipped_predicate_at_the_ragged_end_reads_out_of_bounds(string name, int index) =>
        AssertComplains(name, PtxMutation.RowCheck, index, "setp.ge.s32 $1, $2;", PtxComplaint.OutOfBounds);

    [Theory]
    [MemberData(nameof(StatisticsChecks))]
    public void Statistics_beyond_the_last_query_are_out_of_bounds(string name, int index) =>
        AssertComplains(name, StatisticsCheck, index, "setp.ge.s32 $1, $2;", PtxComplaint.OutOfBounds);

    [Theory]
    [MemberData(nameof(StatisticsGuards))]
    public void Statistics_that_the_wrong_threads_copy_are_found(string name, int index) => AssertComplains(
        name, StatisticsGuard, index, "@!$1 bra$2;", PtxComplaint.OutOfBounds, PtxComplaint.Race, PtxComplaint.InFlight, PtxComplaint.Uninitialised);

    [Theory]
    [MemberData(nameof(StoreGuards))]
    public void A_flipped_guard_of_a_store_is_found(string name, int index) =>
        Assert.True(IsFound(name, StoreMutationTests.Flipped(Entry(name), index)));

    [Theory]
    [MemberData(nameof(HiddenPairs))]
    public void Pairs_that_are_hidden_and_should_be_seen_are_found(string name, int index) =>
        AssertFound(name, Hidden, index, "selp.f32 $1, $2, 0f00000000,");

    [Theory]
    [MemberData(nameof(LeftFactors))]
    public void A_wrong_index_in_a_left_fragment_is_found(string name, int index) => AssertFound(name, PtxMutation.LeftFactor, index, "$1{$3, $2, ");

    [Theory]
    [MemberData(nameof(RightFactors))]
    public void A_wrong_index_in_a_right_fragment_is_found(string name, int index) => AssertFound(name, PtxMutation.RightFactor, index, "$1{$3, $2}");

    [Theory]
    [MemberData(nameof(TransposedLoads))]
    public void A_load_that_does_not_transpose_is_found(string name, int index) => AssertFound(name, PtxMutation.Transposed, index, "$1");

    [Fact]
    public void Without_a_fault_there_is_no_complaint()
    {
        foreach (CudaEntry entry in entries)
            foreach (string shape in raggedShapes)
                Run(entry.Name, null, shape);
    }

    private static void AssertComplains(string name, string pattern, int index, string replacement, params PtxComplaint[] expected)
    {
        PtxModule module = new PtxMutation(Entry(name)).Replace(pattern, index, replacement);
        PtxException? complaint = null;
        foreach (string shape in raggedShapes)
            complaint ??= Record.Exception(() => Run(name, module, shape)) as PtxException;
        Assert.NotNull(complaint);
        Assert.True(expected.Contains(complaint.Complaint), $"{complaint.Complaint}: {complaint.Message}");
    }

    private static void AssertFound(string name, string pattern, int index, string replacement) =>
        Assert.True(IsFound(name, new PtxMutation(Entry(name)).Replace(pattern, index, replacement)));

    private static bool IsFound(string name, PtxModule module)
    {
        Element element = ElementOf(Entry(name));
        try
        {
            return !Gradients(element, module).Zip(right[element].Value).All(pair => pair.First.AsSpan().SequenceEqual(pair.Second));
        }
        catch (PtxException)
        {
            return true;
        }
    }

    private static float[][] Gradients(Element element, PtxModule? module)
    {
        using Inputs inputs = References.Suite.Of(Operations.SoftmaxBackward).CreateInputs(banded, InputFamily.Normal, seed: 1);
        return new BackwardRun(element, banded, module).Gradients(inputs);
    }

    // On zeros, which are as good as numbers for what threads touch.
    private static void Run(string name, PtxModule? module, string shape)
    {
        AttentionProblem problem = ProblemName.Parse($"b1-h1-{shape}-d{HeadDim(Entry(name))}");
        using Inputs zeros = new(problem, Operations.SoftmaxBackward.Operands(problem, Format.Float32));
        new BackwardRun(ElementOf(Entry(name)), problem, module).Gradients(zeros);
    }

    private static int HeadDim(CudaEntry entry) => entry.Name.EndsWith("_d64", StringComparison.Ordinal) ? 64 : 128;

    private static Element ElementOf(CudaEntry entry) => elements.Single(element => BackwardRun.Entries(element).Contains(entry));

    private static CudaEntry Entry(string name) => entries.Single(entry => entry.Name == name);
}
