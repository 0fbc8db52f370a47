using Kernels.Abstractions;
using Kernels.Reference;
using Xunit;

namespace Kernels.Tests.Cuda;

/// <summary>Attention over one block of keys joined to that over others, by the log-sum-exps of both.</summary>
[RunsOnce]
public class StepTests
{
    public static TheoryData<string> Kernels => [.. InterpretedKernel.All.Select(kernel => kernel.Name)];

    /// <summary>Queries that see keys of both blocks, of one, and none.</summary>
    public static TheoryData<string, string> Shapes
    {
        get
        {
            var shapes = new TheoryData<string, string>();
            foreach (InterpretedKernel kernel in InterpretedKernel.All)
            {
                string queries = kernel.Decodes ? "q9" : "q70";
                shapes.Add(kernel.Name, $"b1-h2/1-{queries}@-4-k100-d64-window30+60");
                shapes.Add(kernel.Name, $"b1-h1-{queries}@45-k90-d128-causal");
            }
            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Blocks_joined_in_either_order_are_the_whole(string name, string shape)
    {
        InterpretedKernel kernel = InterpretedKernel.Of(name);
        AttentionProblem problem = ProblemName.Parse(shape);
        using Inputs created = AttentionInputs.Create(problem, InputFamily.Normal, seed: 3), inputs = created.RoundedTo(kernel.Element);
        const int Middle = 41;
        foreach (bool reversed in (bool[])[false, true])
        {
            (int, int)[] blocks = [(0, Middle), (Middle, problem.Keys)];
            using Inputs first = Block(inputs, blocks[reversed ? 1 : 0]), second = Block(inputs, blocks[reversed ? 0 : 1]);
            CudaRows rows = new CudaRun(kernel, (AttentionProblem)first.Problem).Rows(first);
            rows = new CudaRun(kernel, (AttentionProblem)second.Problem).Join(second, rows);

            (double overBound, double overExpected) = BoundedCase.Errors(kernel, inputs, rows, joins: kernel.Decodes ? 5 : 1);
            Assert.True(overBound <= 1, $"an error is {overBound:N2} times its bound");
            Assert.True(overExpected <= 1, $"the root mean square error is {overExpected:N2} times the largest expected");
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_row_that_sees_no_key_of_the_block_keeps_every_bit(string name)
    {
        InterpretedKernel kernel = InterpretedKernel.Of(name);
        AttentionProblem problem = ProblemName.Parse($"b1-h2/1-q{(kernel.Decodes ? 9 : 70)}@-4-k50-d64-causal");
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        // Numbers that no sum has, and whose products would be others.
        float[] output = [.. Enumerable.Range(0, problem.QueryLength).Select(i => i % 5 == 0 ? 1e-42f : -1.7f - i)];
        float[] lse = [.. Enumerable.Range(0, problem.QueryLength / 64).Select(row => row % 3 == 0 ? float.NegativeInfinity : 2.3f - row)];

        CudaRows rows = new CudaRun(kernel, problem).Join(inputs, new(output, lse));

        for (int row = 0; row < lse.Length; row++)
        {
            bool blind = problem.IsBlind(0, row % problem.Queries);
            Assert.Equal(blind, rows.Output.AsSpan(row * 64, 64).SequenceEqual(output.AsSpan(row * 64, 64)));
            Assert.Equal(blind, BitConverter.SingleToInt32Bits(lse[row]) == BitConverter.SingleToInt32Bits(rows.Lse[row]));
        }
    }

    /// <summary>Nothing seen before: what was kept has no weight, and the rest is the same computation.</summary>
    [Theory]
    [MemberData(nameof(Kernels))]
    public void Joined_to_nothing_the_rows_are_those_of_the_block(string name)
    {
        InterpretedKernel kernel = InterpretedKernel.Of(name);
        AttentionProblem problem = ProblemName.Parse($"b1-h2/1-q{(kernel.Decodes ? 9 : 70)}-k50-d64-causal");
        using Inputs inputs = AttentionInputs.Create(problem, InputFamily.Normal, seed: 1);
        float[] nothingSeen = new float[problem.QueryLength / 64];
        Array.Fill(nothingSeen, float.NegativeInfinity);

        CudaRows rows = new CudaRun(kernel, problem).Rows(inputs);
        CudaRows joined = new CudaRun(kernel, problem).Join(inputs, new(new float[problem.QueryLength], nothingSeen));

        Assert.Equal(rows.Output, joined.Output);
        Assert.Equal(rows.Lse, joined.Lse);
        Assert.Equal(rows.Output, new CudaRun(kernel, problem).Outputs(inputs));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Log_sum_exps_and_steps_pass_the_gate(string name)
    {
        int queries = InterpretedKernel.Of(name).Decodes ? 9 : 70;
        foreach (Operation operation in (Operation[])[Operations.SoftmaxLse, Operations.SoftmaxStep])
            foreach (InputFamily family in (InputFamily[])[InputFamily.Normal, InputFamily.Climbing])
                FloatCase.AssertPasses(name, operation, new(1, 2, 1, queries, 90, 64, AttentionMask.Causal), family);
        FloatCase.AssertPasses(name, Operations.SoftmaxStep, new(1, 1, 1, queries, 50, 128, AttentionMask.Window(20, 3), -0.2f), InputFamily.Normal);
    }

    private static Inputs Block(Inputs inputs, (int Begin, int End) keys)
    {
        var whole = (AttentionProblem)inputs.Problem;
        var problem = new AttentionProblem(
            whole.Batch, whole.Heads, whole.KvHeads, whole.Queries, keys.End - keys.Begin, whole.HeadDim, whole.Mask, whole.Scale,
            queryStart: whole.QueryStart, keyStart: whole.KeyStart + keys.Begin);
        return AttentionInputs.From(problem, inputs["q"], Rows("k"), Rows("v"));

        float[] Rows(string name) =>
        [
            .. Enumerable.Range(0, whole.Batch * whole.KvHeads)
                .SelectMany(head => inputs.Head(name, head)[(keys.Begin * whole.HeadDim)..(keys.End * whole.HeadDim)].ToArray()),
        ];
    }
}
