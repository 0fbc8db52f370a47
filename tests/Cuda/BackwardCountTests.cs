using Kernels.Abstractions;
using Kernels.Bench.Commands;
using Kernels.Tests.Cuda.Ptx;
using Kernels.Tests.Structure;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>What the entries of the backward pass cost, counted and compared with what their algorithm needs.</summary>
[RunsOnce]
public class BackwardCountTests
{
    /// <summary>
    /// Only the log-sum-exps of rows have a sector that is not filled: a team reads that of one row, a warp on tensor cores those of eight; and what begins
    /// in the middle of a sector, where rows are not as many as fill it.
    /// </summary>
    [Theory]
    [InlineData(Element.Float32, "b1-h1-q128-k128-d64")]
    [InlineData(Element.Float32, "b1-h2/1-q64-k96-d64-causal")]
    [InlineData(Element.Float32, "b1-h2/1-q40-k70-d64-window16")]
    [InlineData(Element.Float32, "b1-h1-q64-k64-d128")]
    [InlineData(Element.Float32, "b1-h2/1-q40-k56-d128-causal")]
    [InlineData(Element.Float16, "b1-h1-q128-k192-d64")]
    [InlineData(Element.Float16, "b1-h2/1-q200-k136-d64-causal")]
    [InlineData(Element.Float16, "b1-h2/1-q40-k70-d64-window16")]
    [InlineData(Element.Float16, "b1-h1-q64-k96-d128")]
    [InlineData(Element.BFloat16, "b1-h2/1-q40-k56-d128-causal")]
    public void No_access_has_a_conflict_or_touches_more_sectors_than_it_needs(Element element, string shape)
    {
        AttentionProblem problem = ProblemName.Parse(shape);

        (LaunchCounts queries, LaunchCounts keys) = BackwardCounts.Of(element, problem);

        foreach (LaunchCounts counts in (LaunchCounts[])[queries, keys])
        {
            Assert.True(counts.All.SharedAccesses > 0);
            Assert.DoesNotContain(counts.Lines, line => line.Counts.Conflicts != 0);
        }
        Assert.DoesNotContain(keys.Lines, line => line.Counts.ExcessSectors != 0);
        Assert.All(queries.Lines.Where(line => line.Counts.ExcessSectors != 0), line => Assert.Equal("ld.global.f32", line.Statement.Opcode));
        Assert.InRange(queries.Of("ld.global.f32").Sectors, 1, problem.Heads * problem.Queries);
    }

    /// <summary>
    /// Three products for dQ and four for dK and dV, of 2 · channels operations a pair; a multiply-add more for each exponent, which in float32 is a sum, and
    /// D, a product of two rows.
    /// </summary>
    [Theory]
    [InlineData(Element.Float32, "b1-h1-q128-k128-d64")]
    [InlineData(Element.Float32, "b1-h4/2-q64-k64-d64")]
    [InlineData(Element.Float32, "b1-h1-q64-k64-d128")]
    [InlineData(Element.Float16, "b1-h1-q128-k128-d64")]
    [InlineData(Element.Float16, "b1-h4/2-q128-k128-d64")]
    [InlineData(Element.BFloat16, "b1-h1-q64-k64-d128")]
    public void Products_are_as_many_as_the_algorithm_has(Element element, string shape)
    {
        AttentionProblem problem = ProblemName.Parse(shape);
        long rows = problem.Heads * problem.Queries, pairs = rows * problem.Keys, ofProduct = pairs * problem.HeadDim;

        (LaunchCounts queries, LaunchCounts keys) = BackwardCounts.Of(element, problem);

        bool onTensorCores = element != Element.Float32;
        Assert.Equal((onTensorCores ? pairs : 3 * ofProduct) + (rows * problem.HeadDim), Warp.Lanes * queries.Of("fma.rn.f32").Issued);
        Assert.Equal(onTensorCores ? pairs : 4 * ofProduct, Warp.Lanes * keys.Of("fma.rn.f32").Issued);
        Assert.Equal(onTensorCores ? 3 * ofProduct / (16 * 8 * 16) : 0, queries.Of("mma.").Issued);
        Assert.Equal(onTensorCores ? 4 * ofProduct / (16 * 8 * 16) : 0, keys.Of("mma.").Issued);
        Assert.Equal(2 * pairs, Warp.Lanes * (queries.Of("ex2.").Issued + keys.Of("ex2.").Issued));
    }

    [Fact]
    public void The_document_has_the_table()
    {
        string document = Repository.Read("docs/cuda.md"), table = BackwardCounts.Markdown();

        Assert.True(document == new MarkedBlock("backward-counts").PutInto(document, table), $"The table is old. It should be:\n{table}");
    }
}
