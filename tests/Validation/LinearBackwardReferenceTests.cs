using Kernels.Abstractions;
using Kernels.Reference;
using Xunit;

namespace Kernels.Tests.Validation;

/// <summary>
/// The float64 gradients of linear attention and retention against central differences of the forward pass, and against answers that are known without
/// them.
/// </summary>
[RunsOnce]
public sealed class LinearBackwardReferenceTests
{
    private const double Step = 1.0 / (1 << 10);

    private static readonly LinearBackward elu = Operations.LinearEluBackward, retention = Operations.RetentionBackward;

    public static TheoryData<LinearBackward, string, InputFamily> Cases => new(
        from operation in new[] { elu, retention, new RetentionBackward(firstExponent: 1) }
        from shape in new[]
        {
            ("h1-q5-k7-d4", InputFamily.Normal),
            ("b2-h4/2-q6-k6-d3v5-causal", InputFamily.Normal),
            ("h2/1-q7-k4-d2-causal-s-0.3", InputFamily.Cancelling),
            ("h6/2-q4-k9-d4v1-causal", InputFamily.Peaked),
            ("h1-q9-k6-d3-causal-topleft", InputFamily.Normal),
            ("h3/1-q8-k3-d5v2", InputFamily.Outliers),
        }
        select (operation, shape.Item1, shape.Item2));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_central_differences(LinearBackward operation, string shape, InputFamily family)
    {
        AttentionProblem problem = ProblemName.Parse(shape);
        using Inputs inputs = References.Suite.Of(operation).CreateInputs(problem, family, seed: 1);
        RequireDifferences(operation, inputs);
    }

    [Theory]
    [InlineData("h1-q9-k9-d3-window2+1", InputFamily.Normal)]
    [InlineData("h4/2-q9-k12-d2-longnet4x1+8x2", InputFamily.Normal)]
    [InlineData("h2-q10-k10-d3v2-longformer2-g2", InputFamily.Normal)]
    public void Linear_attention_has_them_under_every_mask(string shape, InputFamily family)
    {
        using Inputs inputs = References.Suite.Of(elu).CreateInputs(ProblemName.Parse(shape), family, seed: 1);
        RequireDifferences(elu, inputs);
    }

    [Fact]
    public void Equal_values_give_no_gradient_to_queries_and_keys_of_linear_attention()
    {
        AttentionProblem problem = ProblemName.Parse("h2/1-q9-k9-d5v3-causal");
        using Inputs inputs = References.Suite.Of(elu).CreateInputs(problem, InputFamily.Normal, seed: 1);
        foreach (string name in new[] { "v", "o" })
            for (int i = 0; i < inputs[name].Length; i++)
                inputs[name][i] = 1 + i % problem.ValueDim;

        Assert.All(Gradient(elu, inputs, elu.GradQ), number => Assert.Equal(0, number));
        Assert.All(Gradient(elu, inputs, elu.GradK), number => Assert.Equal(0, number));
        Assert.Contains(Gradient(elu, inputs, elu.GradV), number => number != 0);
    }

    [Fact]
    public void Gradients_of_values_of_linear_attention_add_up_to_those_of_the_output()
    {
        // The weights of a query add up to 1.
        using Inputs inputs = References.Suite.Of(elu).CreateInputs(ProblemName.Parse("h3/1-q8-k11-d4"), InputFamily.Peaked, seed: 1);
        Assert.Equal(inputs["do"].ToArray().Sum(number => (double)number), Gradient(elu, inputs, elu.GradV).Sum(), 1e-12);
    }

    [Theory]
    [InlineData("h3/1-q8-k11-d4v6")]
    [InlineData("b2-h4/2-q13-k10-d3-causal")]
    public void Retention_is_linear_in_queries_keys_and_values(string shape)
    {
        AttentionProblem problem = ProblemName.Parse(shape);
        using Inputs inputs = References.Suite.Of(retention).CreateInputs(problem, InputFamily.Normal, seed: 1);
        double loss = Loss(retention, inputs, problem);
        foreach ((string operand, int place) in Gradients(retention))
        {
            float[] numbers = inputs[operand].ToArray();
            Assert.Equal(loss, Gradient(retention, inputs, place).Select((gradient, i) => gradient * numbers[i]).Sum(), 1e-12 * Math.Max(1, Math.Abs(loss)));
        }
    }

    [Fact]
    public void One_pair_of_retention_has_a_gradient_that_is_known()
    {
        var problem = new AttentionProblem(1, 1, 1, 1, 3, 1, AttentionMask.Full, scale: 0.5f);
        using Inputs inputs = Inputs.From(problem, retention.Operands(problem, Format.Float32), new Dictionary<string, float[]>
        {
            ["q"] = [2],
            ["k"] = [3, 5, 7],
            ["v"] = [1, 10, 100],
            ["do"] = [4],
        });
        double decay = 31.0 / 32;
        Assert.Equal([0.5 * 4 * (decay * decay * 3 + decay * 50 + 700)], Gradient(retention, inputs, retention.GradQ), Close);
        Assert.Equal([0.5 * 4 * 2 * decay * decay, 0.5 * 4 * 2 * decay * 10, 0.5 * 4 * 2 * 100], Gradient(retention, inputs, retention.GradK), Close);
        Assert.Equal([0.5 * 4 * 2 * decay * decay * 3, 0.5 * 4 * 2 * decay * 5, 0.5 * 4 * 2 * 7], Gradient(retention, inputs, retention.GradV), Close);
    }

    [Fact]
    public void Queries_and_keys_that_the_mask_hides_have_zero_gradients()
    {
        // The first 30 queries see no key; the last keys are after all queries.
        AttentionProblem blind = ProblemName.Parse("h1-q40-k10-d4-causal"), unseen = ProblemName.Parse("h1-q4-k10-d4-causal-topleft");
        foreach (LinearBackward operation in new[] { elu, retention })
        {
            OperationReference reference = References.Suite.Of(operation);
            using Inputs first = reference.CreateInputs(blind, InputFamily.Normal, 1), second = reference.CreateInputs(unseen, InputFamily.Normal, 1);
            Assert.Equal(0, reference.Fixed(first, operation.GradQ, 0, 29, 0));
            Assert.Null(reference.Fixed(first, operation.GradQ, 0, 30, 0));
            Assert.Equal(0, reference.Fixed(second, operation.GradK, 0, 4, 0));
            Assert.Null(reference.Fixed(second, operation.GradV, 0, 3, 0));
            Assert.All(Gradient(operation, first, operation.GradQ)[..(30 * 4)], number => Assert.Equal(0, number));
            Assert.All(Gradient(operation, second, operation.GradV)[(4 * 4)..], number => Assert.Equal(0, number));
        }
    }

    [Fact]
    public void The_output_that_is_an_input_is_that_of_the_forward_pass()
    {
        foreach (string shape in new[] { "h4/2-q9-k12-d5v3-causal", "b2-h2-q7-k5-d3", "h2-q9-k9-d4-window2+1" })
        {
            AttentionProblem problem = ProblemName.Parse(shape);
            using Inputs inputs = References.Suite.Of(elu).CreateInputs(problem, InputFamily.Resonance, seed: 1);
            double[] rows = new double[problem.Queries * problem.ValueDim];
            for (int head = 0; head < problem.Batch * problem.Heads; head++)
            {
                References.Suite.Of(Operations.LinearElu).Gold(inputs, new(0, head, [.. Enumerable.Range(0, problem.Queries)]), rows);
                Assert.Equal(rows.Select(number => (float)number), inputs.Head("o", head).ToArray());
            }
        }
    }

    [Fact]
    public void The_backward_pass_costs_two_and_a_half_forward_passes()
    {
        AttentionProblem alone = ProblemName.Parse("b2-h4-q130-k130-d64v40-causal"), grouped = ProblemName.Parse("b2-h4/2-q10-k30-d16");
        Assert.Equal(2.5 * Operations.LinearElu.Flops(alone), elu.Flops(alone), 1.0);
        Assert.Equal(2.5 * Operations.Retention.Flops(alone), retention.Flops(alone), 1.0);
        Assert.Equal(2 * 2.0 * 16 * 16 * (3 * 2 * 30 + 2 * 4 * 10), elu.Flops(grouped));
    }

    [Fact]
    public void Parameters_are_in_the_name() => Assert.Equal("retention-backward3", new RetentionBackward(3).Name);

    private static (string Operand, int Place)[] Gradients(LinearBackward operation) =>
        [("q", operation.GradQ), ("k", operation.GradK), ("v", operation.GradV)];

    private static void RequireDifferences(LinearBackward operation, Inputs inputs)
    {
        foreach ((string operand, int place) in Gradients(operation))
        {
            double[] gradient = Gradient(operation, inputs, place), difference = Difference(operation, inputs, operand);
            double largest = difference.Max(Math.Abs);
            Assert.True(largest > 1e-3, $"d{operand} is nearly zero, which tests nothing");
            for (int i = 0; i < gradient.Length; i++)
                Assert.True(Math.Abs(gradient[i] - difference[i]) <= 2e-5 * largest, $"d{operand}[{i}] is {gradient[i]}, the difference {difference[i]}");
        }
    }

    /// <summary>All rows of a gradient.</summary>
    private static double[] Gradient(LinearBackward operation, Inputs inputs, int place)
    {
        var problem = (AttentionProblem)inputs.Problem;
        Layout layout = operation.Operands(problem, Format.Float32)[place].Layout;
        int group = place == operation.GradQ ? 0 : 1;
        int width = problem.HeadDim + (group == 0 ? 0 : problem.ValueDim), begin = place == operation.GradV ? problem.HeadDim : 0;
        List<double> numbers = [];
        double[] rows = new double[layout.Tokens * width];
        for (int head = 0; head < layout.Batch * layout.Heads; head++)
        {
            References.Suite.Of(operation).Gold(inputs, new(group, head, [.. Enumerable.Range(0, layout.Tokens)]), rows);
            for (int token = 0; token < layout.Tokens; token++)
                numbers.AddRange(rows.AsSpan(token * width + begin, layout.Channels));
        }
        return [.. numbers];
    }

    /// <summary>(L(x + h) − L(x − h)) / 2h of every number of an input, L = Σ dO∘o of the forward pass in float64.</summary>
    private static double[] Difference(LinearBackward operation, Inputs inputs, string operand)
    {
        var problem = (AttentionProblem)inputs.Problem;
        double[] differences = new double[inputs[operand].Length];
        for (int i = 0; i < differences.Length; i++)
        {
            float before = inputs[operand][i];
            // The distance of what float32 holds.
            float above = before + (float)Step, below = before - (float)Step;
            inputs[operand][i] = above;
            double larger = Loss(operation, inputs, problem);
            inputs[operand][i] = below;
            double smaller = Loss(operation, inputs, problem);
            inputs[operand][i] = before;
            differences[i] = (larger - smaller) / ((double)above - below);
        }
        return differences;
    }

    private static double Loss(LinearBackward operation, Inputs inputs, AttentionProblem problem)
    {
        OperationReference forward = References.Suite.Of(operation is RetentionBackward backward ? backward.Forward : Operations.LinearElu);
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

    private static bool Close(double expected, double actual) => Math.Abs(expected - actual) <= 1e-13 * Math.Max(1, Math.Abs(expected));
}
