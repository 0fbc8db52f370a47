using Kernels.Abstractions;
using Kernels.Layers.Backward;
using Kernels.Primitives.InstructionSets;
using Kernels.Reference;
using Kernels.Results;
using Kernels.Tests.Validation;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests;

/// <summary>Backward passes of pieces of layers: what is known of them without a reference, and what the gate does not ask.</summary>
public sealed class LayerBackwardTests(GateCache cache)
{
    // Three blocks of rows, several panels of columns, and no size a multiple of a tile.
    private const string Large = "b2-h2-q301-k301-d10-m131-f201";

    public static TheoryData<string> Tiled =>
        KernelNames.Where(kernel => kernel.Info.Operation is LayerBackward && kernel.Info.Name.StartsWith("layers-tiled", StringComparison.Ordinal));

    public static TheoryData<string> Networks => KernelNames.Where(kernel => kernel.Info.Operation is FeedForwardBackward);

    public static TheoryData<string> Norms => KernelNames.Where(kernel => kernel.Info.Operation is NormBackward);

    [Theory]
    [MemberData(nameof(Tiled))]
    public void Gradients_are_the_same_bits_on_any_number_of_threads(string name)
    {
        Kernel kernel = KernelNames.Available(name);
        using Inputs inputs = References.Suite.Of(kernel.Info.Operation).CreateInputs(ProblemName.Parse(Large), InputFamily.Normal, seed: 1);
        float[]?[] alone = Outputs(kernel, inputs, 1);

        Assert.True(Gate.Compare(kernel, Expectation.Compute(References.Suite.Of(kernel.Info.Operation), inputs), alone).Passed);
        foreach (int threads in (int[])[1, 2, 3, 5])
            Assert.Equal(alone, Outputs(kernel, inputs, threads));
    }

    /// <summary>
    /// The same loops in vectors of 4 and 8 numbers, whatever this machine has; and with other parameters than those of the catalog, by their own definition.
    /// </summary>
    [Fact]
    public void Narrower_vectors_and_other_parameters_pass_too()
    {
        LayerBackward[] operations =
        [
            .. Operations.Layers.OfType<LayerBackward>(), Operations.RotaryBackward with { Base = 500 }, Operations.NormBackward with { Epsilon = 1e-2 },
            Operations.RmsNormBackward with { Epsilon = 1e-6 },
        ];
        GateOptions options = cache.Quick with { Cases = [.. cache.Quick.Cases.Where(each => each.Problem is LayerProblem).Where((_, i) => i % 4 == 0)] };
        foreach (LayerBackward operation in operations)
        {
            Kernel[] narrow = [new TiledBackward<Portable>(operation, "vectors of four"), new TiledBackward<Avx2>(operation, "vectors of eight")];
            foreach (Kernel kernel in narrow)
            {
                if (kernel.Unavailable is not null)
                    continue;
                GateResult result = GateRun.Validate(kernel, options);
                Assert.True(result.Failure is null, result.Failure);
                Assert.True(result.Passed > 4, $"{operation}: {result.Passed}");
            }
        }
        GateResult textbook = GateRun.Validate(new NaiveRotaryBackward(Operations.RotaryBackward with { Base = 500 }), options);
        Assert.True(textbook.Failure is null, textbook.Failure);
    }

    /// <summary>With weights of 1 the gradient of x is the derivative of the activation, here from −12 to 12 and at the ends.</summary>
    [Theory]
    [MemberData(nameof(Networks))]
    public void One_weight_gives_the_derivative_of_the_activation(string name)
    {
        const int Count = 24_001;
        Kernel kernel = KernelNames.Available(name);
        var operation = (FeedForwardBackward)kernel.Info.Operation;
        var problem = new LayerProblem(new(1, 1, 1, Count, Count, 2), 1, 1);
        using var inputs = new Inputs(problem, operation.Operands((Problem)problem, Format.Float32));
        foreach (string each in inputs.Names)
            inputs[each].Fill(each == "b1" ? 0 : 1);
        if (operation.IsGated)
            (inputs["w3"][0], inputs["b3"][0]) = (0, 1);
        for (int i = 0; i < Count; i++)
            inputs["x"][i] = (i - Count / 2) / 1000f;
        float[] dx = Outputs(kernel, inputs, 1)[operation.GradY + 1]!;
        for (int i = 0; i < Count; i++)
        {
            double x = inputs["x"][i];
            // Two units in the last place of 1. The textbook's 1 − sigmoid(x) loses another half of it, times x.
            double tolerance = 2.5e-7 + (operation.IsGated && name.Contains("naive") ? 6e-8 * Math.Abs(x) : 0);
            Assert.True(Math.Abs(dx[i] - Derivative(operation.Activation, x)) <= tolerance, $"{name}: {dx[i]} at {x}");
        }
    }

    /// <summary>With one row, whose dy is 1, the gradient of W2 is the activation itself.</summary>
    [Theory]
    [InlineData("naive")]
    [InlineData("tiled")]
    public void Gelu_errs_by_a_unit_in_the_last_place(string way)
    {
        const int Count = 24_001;
        Kernel kernel = KernelNames.Available($"layers-{way}-feed-forward-backward");
        var problem = new LayerProblem(new(1, 1, 1, 1, 1, 2), 1, Count);
        using var inputs = new Inputs(problem, Operations.FeedForwardBackward.Operands((Problem)problem, Format.Float32));
        foreach (string each in inputs.Names)
            inputs[each].Fill(each == "w1" ? 0 : 1);
        for (int i = 0; i < Count; i++)
            inputs["b1"][i] = (i - Count / 2) / 1000f;
        float[] activated = Outputs(kernel, inputs, 1)[Operations.FeedForwardBackward.GradY + 4]!;
        double largest = 0;
        for (int i = 0; i < Count; i++)
        {
            double x = inputs["b1"][i], gelu = 0.5 * x * (1 + ErrorFunction.Of(x / Math.Sqrt(2)));
            largest = Math.Max(largest, Math.Abs(activated[i] - gelu) / Math.Max(1, Math.Abs(x)));
        }
        Assert.True(largest <= 1.2e-7, $"{largest}");
    }

    /// <summary>
    /// Another x that is only moved has the same norm, so rows of dx add up to zero; and one that is only larger, so dx is at right angles to x̂.
    /// </summary>
    [Theory]
    [MemberData(nameof(Norms))]
    public void Gradients_of_a_norm_know_neither_its_mean_nor_its_size(string name)
    {
        Kernel kernel = KernelNames.Available(name);
        var operation = (NormBackward)kernel.Info.Operation;
        var problem = (LayerProblem)ProblemName.Parse("b2-h1-q37-k37-d2-m93-f1");
        using Inputs inputs = References.Suite.Of(operation).CreateInputs(problem, InputFamily.Normal, seed: 1);
        float[] dx = Outputs(kernel, inputs, 1)[NormBackward.GradX]!;
        for (int row = 0; row < 74; row++)
        {
            double[] x = LayerNumbers.Widen(inputs["x"].Slice(row * 93, 93)), gradient = LayerNumbers.Widen(dx.AsSpan(row * 93, 93));
            double mean = operation.RootMeanSquare ? 0 : x.Average(), size = Math.Sqrt(gradient.Sum(number => number * number));
            Assert.True(size > 1);
            Assert.True(operation.RootMeanSquare || Math.Abs(gradient.Sum()) <= 1e-5 * size);
            Assert.True(Math.Abs(gradient.Select((number, c) => number * (x[c] - mean)).Sum()) <= 1e-4 * size);
        }
    }

    private static double Derivative(Activation activation, double x) => activation switch
    {
        Activation.Relu => x > 0 ? 1 : 0,
        Activation.SwiGlu => (1 + x / (1 + Math.Exp(x))) / (1 + Math.Exp(-x)),
        _ => 0.5 * (1 + ErrorFunction.Of(x / Math.Sqrt(2))) + x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI),
    };

    private static float[]?[] Outputs(Kernel kernel, Inputs inputs, int threads)
    {
        using IExecutor executor = Executors.For(kernel, threads);
        using var buffers = new CallBuffers(kernel, inputs, executor);
        buffers.PoisonOutputs();
        buffers.Memory.Fill((uint)Poison.NaN);
        buffers.Call.Run();
        return buffers.ReadOutputs();
    }
}
