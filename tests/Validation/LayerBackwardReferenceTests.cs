using FsCheck;
using FsCheck.Fluent;
using Kernels.Abstractions;
using Kernels.Reference;
using Xunit;

namespace Kernels.Tests.Validation;

/// <summary>
/// The float64 gradients of pieces of layers against central differences of the layers' own forward formulas in float64, and against closed forms.
/// </summary>
[RunsOnce]
public sealed class LayerBackwardReferenceTests
{
    private const int Problems = 12;

    // Relative to the largest number of a gradient. By Richardson's extrapolation from two steps the differences err by the fourth power of the step.
    private const double Tolerance = 1e-8, Step = 1.0 / (1 << 8);

    // Inputs are multiples of it, so that what is a step away is a float32 exactly.
    private const float Grid = 1f / (1 << 10);

    private static readonly Gen<(LayerProblem Problem, int Seed)> problems =
        from batch in Gen.Choose(1, 3)
        from tokens in Gen.Choose(1, 5)
        from width in Gen.Choose(4, 9)
        from hidden in Gen.Choose(1, 8)
        from seed in Gen.Choose(1, 1_000_000)
        select (new LayerProblem(new(batch, 1, 1, tokens, tokens, 2), width, hidden), seed);

    public static TheoryData<string> Pieces => [.. Backward.Where(operation => operation is not RotaryBackward).Select(operation => operation.Name)];

    private static IEnumerable<LayerBackward> Backward => Operations.Layers.OfType<LayerBackward>();

    [Theory]
    [MemberData(nameof(Pieces))]
    public void Gradients_are_central_differences(string name)
    {
        LayerBackward operation = Backward.Single(each => each.Name == name);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Problems).WithReplay(20261128, 1), Prop.ForAll(problems.ToArbitrary(), given =>
        {
            using Inputs inputs = OnGrid(operation, given.Problem, given.Seed);
            foreach (Operand gradient in operation.Operands((Problem)given.Problem, Format.Float32).Where(operand => operand.Role == Role.Output))
            {
                double[] gold = Gold(operation, inputs, gradient), difference = Difference(operation, inputs, gradient);
                double largest = gold.Max(Math.Abs);
                Assert.True(
                    largest > 1e-3 || operation is FeedForwardBackward { Activation: Activation.Relu },
                    $"{gradient.Name} is nearly zero, which tests nothing");
                for (int i = 0; i < gold.Length; i++)
                {
                    Assert.True(
                        Math.Abs(gold[i] - difference[i]) <= Tolerance * largest,
                        $"{gradient.Name}[{i}] on {given.Problem} is {gold[i]}, the difference {difference[i]}");
                }
            }
        }));
    }

    /// <summary>What is turned back was dy before it was turned forth: their product is that of dy with itself, and rotations keep lengths.</summary>
    [Theory]
    [InlineData("b2-h3-q5-k5-d4-m7-f13", 10000)]
    [InlineData("h2-q3-k9-d6-m8-f8", 500)]
    public void Rotations_are_undone(string shape, double wavelengths)
    {
        var problem = (LayerProblem)ProblemName.Parse(shape);
        RotaryBackward operation = Operations.RotaryBackward with { Base = wavelengths };
        OperationReference reference = References.Suite.Of(operation);
        using Inputs inputs = reference.CreateInputs(problem, InputFamily.Normal, seed: 1);
        using Inputs turned = reference.CreateInputs(problem, InputFamily.Normal, seed: 1);
        var forward = new ForwardPieces(operation, inputs);
        for (int row = 0; row < problem.Batch * problem.Heads * problem.Queries; row++)
        {
            double[] forth = forward.Row(row);
            for (int c = 0; c < forth.Length; c++)
                turned["dy"][row * forth.Length + c] = (float)forth[c];
        }
        double[] back = Gold(operation, turned, operation.Operands((Problem)problem, Format.Float32)[1]);
        Assert.Equal(LayerNumbers.Widen(inputs["dy"]), back, (a, b) => Math.Abs(a - b) <= 1e-6);
        Assert.Contains(Enumerable.Range(0, back.Length), i => Math.Abs(turned["dy"][i] - back[i]) > 0.1);
    }

    /// <summary>A matrix of ones where rows and columns are equal passes gradients on, and one row makes dW its outer product with dy.</summary>
    [Fact]
    public void A_projection_by_the_identity_passes_gradients_on()
    {
        var problem = new LayerProblem(new(1, 1, 1, 1, 1, 2), 5, 5);
        using Inputs inputs = References.Suite.Of(Operations.ProjectionBackward).CreateInputs(problem, InputFamily.Normal, seed: 1);
        inputs["w"].Clear();
        for (int c = 0; c < 5; c++)
            inputs["w"][6 * c] = 1;
        var operands = Operations.ProjectionBackward.Operands((Problem)problem, Format.Float32);
        double[] dy = LayerNumbers.Widen(inputs["dy"]), x = LayerNumbers.Widen(inputs["x"]);
        Assert.Equal(dy, Gold(Operations.ProjectionBackward, inputs, operands[ProjectionBackward.GradX]));
        Assert.Equal(dy, Gold(Operations.ProjectionBackward, inputs, operands[ProjectionBackward.GradB]));
        Assert.Equal(
            x.SelectMany(number => dy.Select(other => number * other)), Gold(Operations.ProjectionBackward, inputs, operands[ProjectionBackward.GradW]));
    }

    /// <summary>Where no u is negative the network with max(u, 0) is two products.</summary>
    [Fact]
    public void Where_all_is_positive_a_network_is_two_projections()
    {
        var problem = new LayerProblem(new(2, 1, 1, 3, 3, 2), 4, 6);
        using Inputs inputs = References.Suite.Of(Operations.ReluFeedForwardBackward).CreateInputs(problem, InputFamily.Normal, seed: 1);
        inputs["b1"].Fill(100);
        FeedForwardBackward operation = Operations.ReluFeedForwardBackward;
        double[] dx = Gold(operation, inputs, operation.Operands((Problem)problem, Format.Float32)[operation.GradY + 1]);
        for (int i = 0; i < dx.Length; i++)
        {
            double wanted = 0;
            for (int f = 0; f < 6; f++)
                for (int c = 0; c < 4; c++)
                    wanted += inputs["dy"][i / 4 * 4 + c] * (double)inputs["w2"][f * 4 + c] * inputs["w1"][i % 4 * 6 + f];
            Assert.Equal(wanted, dx[i], 1e-12);
        }
    }

    /// <summary>Otherwise a kernel that sums in another order could be on the other side of the jump of the derivative.</summary>
    [Theory]
    [InlineData("b2-h1-q150-k150-d2-m20-f70", InputFamily.Normal)]
    [InlineData("h1-q1-k1-d2-m3-f9", InputFamily.Cancelling)]
    [InlineData("h1-q70-k70-d2-m128-f65", InputFamily.Cancelling)]
    public void No_number_before_a_step_is_near_it(string shape, InputFamily family)
    {
        var problem = (LayerProblem)ProblemName.Parse(shape);
        using Inputs inputs = References.Suite.Of(Operations.ReluFeedForwardBackward).CreateInputs(problem, family, seed: 1);
        for (int row = 0; row < problem.Batch * problem.Queries; row++)
        {
            for (int f = 0; f < problem.Hidden; f++)
            {
                double u = inputs["b1"][f];
                for (int i = 0; i < problem.Width; i++)
                    u += (double)inputs["x"][row * problem.Width + i] * inputs["w1"][i * problem.Hidden + f];
                Assert.True(Math.Abs(u) > 1e-3, $"u of row {row}, column {f} is {u}");
            }
        }
    }

    private static Inputs OnGrid(LayerBackward operation, LayerProblem problem, int seed)
    {
        Inputs inputs = References.Suite.Of(operation).CreateInputs(problem, InputFamily.Normal, seed);
        foreach (string name in inputs.Names)
        {
            foreach (ref float number in inputs[name])
                number = MathF.Round(number / Grid) * Grid;
        }
        return inputs;
    }

    /// <summary>All numbers of a gradient.</summary>
    private static double[] Gold(LayerBackward operation, Inputs inputs, Operand gradient)
    {
        int place = operation.Operands(inputs.Problem, Format.Float32).IndexOf(gradient);
        int group = operation.OutputGroups.ToList().FindIndex(each => each[0] == place);
        Layout layout = gradient.Layout;
        double[] all = new double[layout.Count];
        int length = layout.Tokens * layout.Channels;
        for (int head = 0; head < layout.Batch * layout.Heads; head++)
            References.Suite.Of(operation).Gold(inputs, new(group, head, [.. Enumerable.Range(0, layout.Tokens)]), all.AsSpan(head * length, length));
        return all;
    }

    /// <summary>The derivative of Σ dy∘y by every number of an input, or of the last bias, which is none.</summary>
    private static double[] Difference(LayerBackward operation, Inputs inputs, Operand gradient)
    {
        string name = gradient.Name[1..];
        float[]? bias = inputs.Names.Contains(name) ? null : new float[gradient.Layout.Count];
        double[] differences = new double[gradient.Layout.Count];
        for (int i = 0; i < differences.Length; i++)
            differences[i] = (4 * Quotient(Step / 2, i) - Quotient(Step, i)) / 3;
        return differences;

        double Quotient(double step, int place)
        {
            Span<float> numbers = bias is null ? inputs[name] : bias;
            float given = numbers[place];
            numbers[place] = given + (float)step;
            double larger = new ForwardPieces(operation, inputs, bias).Loss();
            numbers[place] = given - (float)step;
            double smaller = new ForwardPieces(operation, inputs, bias).Loss();
            numbers[place] = given;
            return (larger - smaller) / (2 * step);
        }
    }
}
