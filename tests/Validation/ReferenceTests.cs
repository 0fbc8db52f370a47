using Kernels.Abstractions;
using Kernels.Naive;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests.Validation;

public sealed class ReferenceTests
{
    private static readonly AttentionProblem problem = new(2, 2, 1, 300, 40, 8);
    private static readonly OperationReference softmax = References.Suite.Of(Operations.Softmax);

    [Fact]
    public void A_sample_has_the_rows_where_tiles_begin_and_end()
    {
        ReferenceRows rows = ReferenceRows.Sample(Output(problem), 24, seed: 1);
        Assert.Equal(24 * 4, rows.Count);
        for (int head = 0; head < 4; head++)
        {
            int[] queries = rows.OfHead(head).ToArray();
            Assert.Equal(queries.Order().Distinct(), queries);
            Assert.Superset(new HashSet<int> { 0, 1, 63, 64, 65, 127, 128, 255, 256, 298, 299 }, queries.ToHashSet());
        }
        Assert.NotEqual(rows.OfHead(0).ToArray(), rows.OfHead(1).ToArray());
        Assert.Equal(rows.OfHead(2).ToArray(), ReferenceRows.Sample(Output(problem), 24, seed: 1).OfHead(2).ToArray());
    }

    [Fact]
    public void Small_problems_are_compared_in_full_and_large_ones_in_part()
    {
        Assert.Equal(1200, ReferenceRows.Choose(softmax, problem).Count);
        ReferenceRows sample = ReferenceRows.Choose(softmax, new AttentionProblem(1, 32, 8, 4096, 4096, 128));
        Assert.Equal(32 * 24, sample.Count);
    }

    [Fact]
    public void Late_rows_of_long_recurrences_are_not_compared()
    {
        LayerProblem Tokens(int count) => new(new(1, 8, 8, count, count, 64), 512, 512);
        foreach (LayerOperation operation in (LayerOperation[])[Operations.Gru, Operations.SequenceToSequence, Operations.SequenceToSequenceAdditive])
        {
            OperationReference reference = References.Suite.Of(operation);
            int reachable = reference.Reachable(Tokens(4096), group: 0);
            Assert.InRange(reachable, 24, 1000);
            Assert.All(ReferenceRows.Choose(reference, Tokens(4096)).OfHead(0).ToArray(), token => Assert.InRange(token, 0, reachable - 1));
            Assert.Equal(63, ReferenceRows.Choose(reference, Tokens(64)).OfHead(0)[^1]);
        }
        // Rows of attention do not need each other.
        Assert.Equal(4095, ReferenceRows.Choose(References.Suite.Of(Operations.MultiHead), Tokens(4096)).OfHead(0)[^1]);
    }

    [Theory]
    [InlineData(float.NaN, FailureKind.NaN)]
    [InlineData(float.PositiveInfinity, FailureKind.Infinite)]
    public void Rows_that_are_not_compared_must_be_finite_all_the_same(float number, FailureKind failure)
    {
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        ReferenceRows rows = ReferenceRows.Sample(Output(problem), 12, seed: 1);
        Expectation reference = Expected.Of(Operations.Softmax, inputs, rows);
        var kernel = new TripleLoop();
        float[] output = new float[problem.QueryLength];
        kernel.Forward(problem, inputs["q"], inputs["k"], inputs["v"], output);
        Verdict verdict = kernel.Judge(reference, output);
        Assert.True(verdict.Passed, verdict.Message);
        Assert.Equal((48, 1200), (verdict.Errors.CheckedRows, verdict.Errors.TotalRows));

        int skipped = Enumerable.Range(0, problem.Queries).First(query => !rows.OfHead(0).Contains(query));
        output[skipped * problem.HeadDim] = number;
        Assert.Equal(failure, kernel.Judge(reference, output).Failure);
    }

    [Theory]
    [InlineData("b2-h4/2-q33-k65-d64-causal")]
    [InlineData("h2-q40-k10-d1-causal")]
    [InlineData("h1-q20-k300-d3")]
    [InlineData("h2-q5-k1000-d128-window50")]
    public void The_oracle_agrees_with_the_closed_form_of_one_hot_attention(string name)
    {
        AttentionProblem oneHot = ProblemName.Parse(name);
        using Inputs inputs = AttentionInputs.Create(oneHot, InputFamily.OneHot, seed: 3);
        Expectation reference = Expected.Of(Operations.Softmax, inputs);
        for (int row = 0; row < inputs.OneHotKeys!.Count; row++)
        {
            (int head, int query) = Math.DivRem(row, oneHot.Queries);
            int key = inputs.OneHotKeys[row];
            int kvHead = head / oneHot.Heads * oneHot.KvHeads + oneHot.KvHead(head % oneHot.Heads);
            ReadOnlySpan<float> value = key < 0
                ? new float[oneHot.HeadDim]
                : inputs["v"].Slice((kvHead * oneHot.Keys + key) * oneHot.HeadDim, oneHot.HeadDim);
            for (int c = 0; c < oneHot.HeadDim; c++)
                Assert.Equal(value[c], reference.Outputs[0].Gold(head, query)[c]);
        }
    }

    private static Layout Output(AttentionProblem problem) => Operations.Softmax.Operands(problem, Format.Float32)[AttentionOperation.O].Layout;
}
