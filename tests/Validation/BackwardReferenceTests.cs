using Kernels.Abstractions;
using Kernels.Reference;
using Xunit;

namespace Kernels.Tests.Validation;

/// <summary>The float64 gradients against central differences of the forward pass, and against answers that are known without them.</summary>
[RunsOnce]
public sealed class BackwardReferenceTests
{
    private const double Step = 1.0 / (1 << 10);

    private static readonly BackwardReference reference = new(Operations.SoftmaxBackward);

    [Theory]
    [InlineData("h1-q5-k7-d4", InputFamily.Normal)]
    [InlineData("b2-h4/2-q6-k6-d3v5-causal", InputFamily.Normal)]
    [InlineData("h2/1-q7-k4-d2-causal-s-0.3", InputFamily.Cancelling)]
    [InlineData("h1-q9-k9-d3-window2+1", InputFamily.Constant)]
    [InlineData("h4/2-q9-k12-d2-longnet4x1+8x2", InputFamily.Normal)]
    [InlineData("h2-q10-k10-d3-longformer2-g2", InputFamily.Normal)]
    public void Gradients_are_central_differences(string shape, InputFamily family)
    {
        AttentionProblem problem = ProblemName.Parse(shape);
        using Inputs inputs = reference.CreateInputs(problem, family, seed: 1);
        foreach ((string operand, int place) in new[] { ("q", SoftmaxBackward.GradQ), ("k", SoftmaxBackward.GradK), ("v", SoftmaxBackward.GradV) })
        {
            double[] gradient = Gradient(inputs, place), difference = Difference(inputs, operand);
            double largest = difference.Max(Math.Abs);
            Assert.True(largest > 1e-3, $"d{operand} is nearly zero, which tests nothing");
            for (int i = 0; i < gradient.Length; i++)
                Assert.True(Math.Abs(gradient[i] - difference[i]) <= 2e-5 * largest, $"d{operand}[{i}] is {gradient[i]}, the difference {difference[i]}");
        }
    }

    [Fact]
    public void Equal_values_give_no_gradient_to_queries_and_keys()
    {
        AttentionProblem problem = ProblemName.Parse("h2/1-q9-k9-d5-causal");
        using Inputs inputs = reference.CreateInputs(problem, InputFamily.Normal, seed: 1);
        for (int i = 0; i < inputs["v"].Length; i++)
            inputs["v"][i] = 1 + i % problem.ValueDim;
        for (int i = 0; i < inputs["o"].Length; i++)
            inputs["o"][i] = 1 + i % problem.ValueDim;

        Assert.All(Gradient(inputs, SoftmaxBackward.GradQ), number => Assert.Equal(0, number));
        Assert.All(Gradient(inputs, SoftmaxBackward.GradK), number => Assert.Equal(0, number));
        Assert.Contains(Gradient(inputs, SoftmaxBackward.GradV), number => number != 0);
    }

    [Fact]
    public void Gradients_of_values_add_up_to_those_of_the_output()
    {
        // The weights of a query add up to 1.
        AttentionProblem problem = ProblemName.Parse("h3/1-q8-k11-d4");
        using Inputs inputs = reference.CreateInputs(problem, InputFamily.Peaked, seed: 1);
        Assert.Equal(inputs["do"].ToArray().Sum(number => (double)number), Gradient(inputs, SoftmaxBackward.GradV).Sum(), 1e-5);
    }

    [Fact]
    public void Parts_of_the_keys_add_up_to_all_of_them()
    {
        AttentionProblem whole = ProblemName.Parse("h2-q6-k10-d4-causal");
        using Inputs inputs = reference.CreateInputs(whole, InputFamily.Normal, seed: 1);
        double[] expected = Gradient(inputs, SoftmaxBackward.GradQ), sum = new double[expected.Length];
        foreach (KeyRange keys in new KeyRange[] { new(0, 3), new(3, 10) })
        {
            AttentionProblem part = whole.Step(keys);
            using var some = new Inputs(part, Operations.SoftmaxBackward.Operands(part, Format.Float32));
            foreach (string name in some.Names)
            {
                for (int head = 0; head < 2; head++)
                {
                    ReadOnlySpan<float> source = inputs.Head(name, head);
                    int begin = name is "k" or "v" ? keys.Begin * 4 : 0, length = some[name].Length / 2;
                    source.Slice(begin, length).CopyTo(some[name].Slice(head * length, length));
                }
            }
            double[] added = Gradient(some, SoftmaxBackward.GradQ);
            for (int i = 0; i < sum.Length; i++)
                sum[i] += added[i];
        }
        Assert.Equal(expected, sum, (a, b) => Math.Abs(a - b) <= 1e-14);
    }

    [Fact]
    public void One_hot_attention_has_a_closed_form_and_a_wrong_gold_contradicts_it()
    {
        AttentionProblem problem = ProblemName.Parse("h2/1-q12-k15-d8-causal");
        using Inputs inputs = reference.CreateInputs(problem, InputFamily.OneHot, seed: 1);
        foreach ((int group, int token, int width) in new[] { (0, 5, 8), (1, 3, 16) })
        {
            var rows = new RowBlock(group, 0, [token]);
            double[] gold = new double[width];
            reference.Gold(inputs, rows, gold);
            Assert.Null(reference.Contradiction(inputs, rows, gold));
            gold[^1] += 1e-3;
            Assert.NotNull(reference.Contradiction(inputs, rows, gold));
        }
    }

    [Fact]
    public void Queries_and_keys_that_the_mask_hides_have_zero_gradients()
    {
        // The first 30 queries see no key; the window of the others ends before the first keys.
        AttentionProblem blind = ProblemName.Parse("h1-q40-k10-d4-causal"), unseen = ProblemName.Parse("h1-q4-k40-d4-window3+0");
        using Inputs first = reference.CreateInputs(blind, InputFamily.Normal, 1), second = reference.CreateInputs(unseen, InputFamily.Normal, 1);
        Assert.Equal(float.NegativeInfinity, first["lse"][0]);
        Assert.Equal(0, reference.Fixed(first, SoftmaxBackward.GradQ, 0, 29, 0));
        Assert.Null(reference.Fixed(first, SoftmaxBackward.GradQ, 0, 30, 0));
        Assert.Equal(0, reference.Fixed(second, SoftmaxBackward.GradK, 0, 32, 0));
        Assert.Null(reference.Fixed(second, SoftmaxBackward.GradV, 0, 33, 0));
    }

    [Fact]
    public void The_backward_pass_costs_two_and_a_half_forward_passes()
    {
        AttentionProblem problem = ProblemName.Parse("b2-h4/2-q100-k130-d64-causal");
        Assert.Equal(2.5 * Operations.Softmax.Flops(problem), Operations.SoftmaxBackward.Flops(problem), 1.0);
    }

    /// <summary>All rows of a gradient.</summary>
    private static double[] Gradient(Inputs inputs, int place)
    {
        Layout layout = Operations.SoftmaxBackward.Operands(inputs.Problem, Format.Float32)[place].Layout;
        int headDim = ((AttentionProblem)inputs.Problem).HeadDim, group = place == SoftmaxBackward.GradQ ? 0 : 1;
        int width = headDim + (group == 0 ? 0 : ((AttentionProblem)inputs.Problem).ValueDim), begin = place == SoftmaxBackward.GradV ? headDim : 0;
        List<double> numbers = [];
        double[] rows = new double[layout.Tokens * width];
        for (int head = 0; head < layout.Batch * layout.Heads; head++)
        {
            reference.Gold(inputs, new(group, head, [.. Enumerable.Range(0, layout.Tokens)]), rows);
            for (int token = 0; token < layout.Tokens; token++)
                numbers.AddRange(rows.AsSpan(token * width + begin, layout.Channels));
        }
        return [.. numbers];
    }

    /// <summary>(L(x + h) − L(x − h)) / 2h of every number of an input, L = Σ dO∘softmax(q, k, v) in float64.</summary>
    private static double[] Difference(Inputs inputs, string operand)
    {
        var problem = (AttentionProblem)inputs.Problem;
        double[] differences = new double[inputs[operand].Length];
        for (int i = 0; i < differences.Length; i++)
        {
            float before = inputs[operand][i];
            // The distance of what float32 holds.
            float above = before + (float)Step, below = before - (float)Step;
            inputs[operand][i] = above;
            double larger = Loss(inputs, problem);
            inputs[operand][i] = below;
            double smaller = Loss(inputs, problem);
            inputs[operand][i] = before;
            differences[i] = (larger - smaller) / ((double)above - below);
        }
        return differences;
    }

    private static double Loss(Inputs inputs, AttentionProblem problem)
    {
        var forward = new SoftmaxReference(Operations.Softmax);
        double[] rows = new double[problem.Queries * problem.ValueDim];
        double loss = 0;
        for (int head = 0; head < problem.Batch * problem.Heads; head++)
        {
            forward.Gold(inputs, new(0, head, [.. Enumerable.Range(0, problem.Queries)]), rows);
            ReadOnlySpan<float> gradO = inputs.Head("do", head);
            for (int i = 0; i < rows.Length; i++)
                loss += rows[i] * gradO[i];
        }
        return loss;
    }
}
