using System.Globalization;
using Kernels.Abstractions;
using Kernels.Gpu.Cuda;
using Kernels.Reference;
using Kernels.Tests.Cuda.Ptx;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>Faults put into the kernels whose products are asynchronous: each wait, fence, barrier, commit, transposition and descriptor.</summary>
[RunsOnce]
public class WarpgroupMutationTests
{
    private const string Fence = @"wgmma\.fence[^;]*;";
    private const string ProxyFence = @"fence\.proxy[^;]*;";
    private const string ProductWait = @"wgmma\.wait_group\S+\s+(\d+);";
    private const string ProductCommit = @"wgmma\.commit_group[^;]*;";
    private const string Transposition = @"(wgmma\.mma_async[^;]*), ([01]);";
    private const string Adding = @"setp\.(ne|eq)\.b32 adds,";
    private const string LeftFactor = @"(wgmma\.mma_async\S+ \{[^}]*\}, )\{(%r\d+), (%r\d+), ";

    private const int TileKeys = 128;

    // What is put beside the address: swizzle, stride and leading offset.
    private const string Descriptor = @"(or\.b64\s+%rd\d+, %rd\d+), (46116862\d{11});";

    private static readonly CudaEntry[] entries = [.. CudaEntries.HeadDims.Select(headDim => CudaEntries.FlashWgmma(Element.Float16, headDim))];

    public static TheoryData<string, int> Barriers => PtxMutation.Places(entries, PtxMutation.Barrier);

    public static TheoryData<string, int> Fences => PtxMutation.Places(entries, Fence);

    public static TheoryData<string, int> ProxyFences => PtxMutation.Places(entries, ProxyFence);

    public static TheoryData<string, int> ProductWaits => PtxMutation.Places(entries, ProductWait);

    public static TheoryData<string, int> ProductCommits => PtxMutation.Places(entries, ProductCommit);

    public static TheoryData<string, int> CopyWaits => PtxMutation.Places(entries, PtxMutation.CopyWait);

    public static TheoryData<string, int> CopyCommits => PtxMutation.Places(entries, PtxMutation.CopyCommit);

    public static TheoryData<string, int> RowChecks => PtxMutation.Places(entries, PtxMutation.RowCheck, 5);

    public static TheoryData<string, int> Transpositions => PtxMutation.Places(entries, Transposition, 7);

    public static TheoryData<string, int> Addings => PtxMutation.Places(entries, Adding, 7);

    public static TheoryData<string, int> LeftFactors => PtxMutation.Places(entries, LeftFactor, 5);

    public static TheoryData<string, int> Descriptors => PtxMutation.Places(entries, Descriptor, 5);

    [Theory]
    [MemberData(nameof(Barriers))]
    public void A_removed_barrier_is_found(string name, int index) =>
        AssertComplains(name, PtxMutation.Barrier, index, "", PtxComplaint.Race, PtxComplaint.Uninitialised, PtxComplaint.InFlight);

    [Theory]
    [MemberData(nameof(Fences))]
    public void A_removed_fence_of_registers_is_found(string name, int index) => AssertComplains(name, Fence, index, "", PtxComplaint.Unfenced);

    [Theory]
    [MemberData(nameof(ProxyFences))]
    public void A_removed_fence_of_shared_memory_is_found(string name, int index) =>
        AssertComplains(name, ProxyFence, index, "", PtxComplaint.Unfenced);

    [Theory]
    [MemberData(nameof(ProductWaits))]
    public void A_wait_for_products_that_is_removed_or_waits_for_one_group_less_is_found(string name, int index)
    {
        int pending = PtxMutation.Pending(Entry(name), ProductWait, index);
        AssertComplains(name, ProductWait, index, "", PtxComplaint.InFlight);
        AssertComplains(name, ProductWait, index, $"wgmma.wait_group.sync.aligned {pending + 1};", PtxComplaint.InFlight);
    }

    [Theory]
    [MemberData(nameof(ProductCommits))]
    public void A_commit_of_products_too_few_is_found(string name, int index) =>
        AssertComplains(name, ProductCommit, index, "", PtxComplaint.InFlight);

    [Theory]
    [MemberData(nameof(CopyWaits))]
    public void A_wait_for_copies_that_is_removed_or_waits_for_one_group_less_is_found(string name, int index)
    {
        int pending = PtxMutation.Pending(Entry(name), PtxMutation.CopyWait, index);
        AssertComplains(name, PtxMutation.CopyWait, index, "", PtxComplaint.InFlight);
        AssertComplains(name, PtxMutation.CopyWait, index, $"cp.async.wait_group {pending + 1};", PtxComplaint.InFlight);
    }

    [Theory]
    [MemberData(nameof(CopyCommits))]
    public void A_commit_of_copies_too_few_is_found(string name, int index) => AssertComplains(name, PtxMutation.CopyCommit, index, "", PtxComplaint.InFlight);

    [Theory]
    [MemberData(nameof(RowChecks))]
    public void A_flipped_predicate_at_the_ragged_end_reads_out_of_bounds_or_nothing(string name, int index)
    {
        const string Flipped = "setp.ge.s32 $1, $2;";
        if (PtxMutation.Complaint(name, PtxMutation.RowCheck, index, Flipped, Shapes) is { } complaint)
            Assert.Equal(PtxComplaint.OutOfBounds, complaint.Complaint);
        else
            AssertWrong(name, PtxMutation.RowCheck, index, Flipped);
    }

    [Theory]
    [MemberData(nameof(Transpositions))]
    public void A_flipped_transposition_is_found(string name, int index)
    {
        string transposed = new PtxMutation(Entry(name)).Places(Transposition)[index].Groups[2].Value;
        AssertWrong(name, Transposition, index, $"$1, {(transposed == "1" ? 0 : 1)};");
    }

    [Theory]
    [MemberData(nameof(Addings))]
    public void Sums_that_are_kept_or_lost_give_wrong_numbers(string name, int index)
    {
        string comparison = new PtxMutation(Entry(name)).Places(Adding)[index].Groups[1].Value;
        AssertWrong(name, Adding, index, $"setp.{(comparison == "ne" ? "eq" : "ne")}.b32 adds,");
    }

    [Theory]
    [MemberData(nameof(LeftFactors))]
    public void A_wrong_index_in_a_left_fragment_gives_wrong_numbers(string name, int index) => AssertWrong(name, LeftFactor, index, "$1{$3, $2, ");

    /// <summary>No swizzle, twice the distance of eight rows, and where 128 columns are read another distance of 64.</summary>
    [Theory]
    [MemberData(nameof(Descriptors))]
    public void A_wrong_descriptor_is_found(string name, int index)
    {
        ulong bits = ulong.Parse(new PtxMutation(Entry(name)).Places(Descriptor)[index].Groups[2].Value, CultureInfo.InvariantCulture);
        AssertWrong(name, Descriptor, index, $"$1, {bits & ~(1ul << 62)};");
        AssertWrong(name, Descriptor, index, $"$1, {bits ^ (192ul << 32)};");
        if ((bits >> 16 & 0x3fff) > 1 && name.EndsWith("d128", StringComparison.Ordinal))
            AssertWrong(name, Descriptor, index, $"$1, {bits ^ (192ul << 16)};");
    }

    [Theory]
    [InlineData("flash_wgmma_f16_d64")]
    [InlineData("flash_wgmma_f16_d128")]
    public void Without_a_fault_there_is_no_complaint(string name) => PtxMutation.Run(name, null, Shape);

    private static CudaEntry Entry(string name) => entries.Single(entry => entry.Name == name);

    // A first tile, one that all rows see, and one that they see in part: every product of the program, and few weights that are zero.
    private static string Shape => $"q5-k{3 * TileKeys - 6}";

    private static string[] Shapes => [Shape, $"q5-k{2 * TileKeys + 1}", "q1-k1", $"q66-k{TileKeys + 1}"];

    private static void AssertComplains(string name, string pattern, int index, string replacement, params PtxComplaint[] expected) =>
        PtxMutation.AssertComplains(name, pattern, index, replacement, Shapes, expected);

    /// <summary>Wrong numbers, or a complaint: a matrix that lies elsewhere may be nowhere.</summary>
    private static void AssertWrong(string name, string pattern, int index, string replacement)
    {
        (InterpretedKernel kernel, int headDim) = InterpretedKernel.OfEntry(name);
        PtxModule module = new PtxMutation(Entry(name)).Replace(pattern, index, replacement);
        try
        {
            AttentionProblem problem = ProblemName.Parse($"b1-h1-{Shape.Replace("q5", "q128")}-d{headDim}");
            (double overBound, _) = BoundedCase.Errors(kernel, problem, InputFamily.Normal, module);
            Assert.True(overBound > 1, $"the largest error is {overBound:N2} of its bound");
        }
        catch (PtxException complaint)
        {
            Assert.NotEqual(PtxComplaint.Unknown, complaint.Complaint);
        }
    }
}
