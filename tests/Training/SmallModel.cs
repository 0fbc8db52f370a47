using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Training.Graphs;
using Kernels.Training.Models;
using Xunit;

namespace Kernels.Tests.Training;

/// <summary>
/// A model of few parameters with numbers as after some training, its computation for one batch, and the gradient by central differences in float64.
/// </summary>
internal sealed class SmallModel : IDisposable
{
    private const int Sequences = 3, Half = 3, Words = 11;

    // In float64 the differences are off by about the third derivative · step²/6 = 10⁻¹¹, and by loss · 2⁻⁵³/step = 10⁻¹¹.
    private const double Step = 1e-5;

    private SmallModel(SequenceModel model, TrainingKernels kernels)
    {
        Parameters = new ParameterSet(model.Parameters);
        Parameters.Initialise(3);
        // Biases and gains too, which begin as zeros and ones.
        var random = new SeededNormal(4);
        foreach (ref float number in Parameters.Numbers)
            number += (float)(0.2 * random.Next());
        Batch = RandomBatch();
        Program = model.Build(new Graph(kernels, SerialExecutor.Instance), Parameters, BatchSize.Of(Batch), 0.75f);
        Loss = Program.Forward(Batch);
    }

    public static TheoryData<string> Names => [.. models.Keys];

    public ParameterSet Parameters { get; }

    public Batch Batch { get; }

    public SequenceProgram Program { get; }

    /// <summary>In float32.</summary>
    public double Loss { get; }

    private static readonly Dictionary<string, SequenceModel> models = new SequenceModel[]
    {
        new Transformer("causal", 2, 2, 8, 12, Words, 2 * Half, AttentionMask.Causal),
        new Transformer("full", 1, 2, 12, 8, Words, 2 * Half, AttentionMask.Full),
        new EncoderDecoder("fixed", DecoderContext.Last, 6, 5, Words), new EncoderDecoder("additive", DecoderContext.Additive, 6, 5, Words),
    }.ToDictionary(model => model.Name);

    public static SmallModel Of(string name, TrainingKernels? kernels = null) => new(models[name], kernels ?? TrainingSelection.Parse(null));

    /// <summary>The gradient of all parameters in their order, and the loss, in float64.</summary>
    public (double[] Gradient, double Loss) Differences()
    {
        var graph = new DoubleGraph(Program.Graph, Parameters);
        double[] gradient = new double[Parameters.Count];
        for (int i = 0; i < gradient.Length; i++)
        {
            double number = graph.Parameters[i];
            graph.Parameters[i] = number + Step;
            double above = graph.Loss();
            graph.Parameters[i] = number - Step;
            gradient[i] = (above - graph.Loss()) / (2 * Step);
            graph.Parameters[i] = number;
        }
        return (gradient, graph.Loss());
    }

    public void Dispose()
    {
        Program.Dispose();
        Parameters.Dispose();
    }

    // Words occur several times, so that their gradients are sums.
    private static Batch RandomBatch()
    {
        var random = new SeededNormal(5);
        int[] ids = new int[Sequences * 2 * Half], places = new int[Sequences * Half], targets = new int[Sequences * Half];
        foreach (ref int id in ids.AsSpan())
            id = random.NextIndex(Words - 1);
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = Half + i % Half;
            targets[i] = ids[i / Half * 2 * Half + random.NextIndex(2 * Half)];
        }
        return new(Sequences, 2 * Half, ids, places, targets) { AnswersFromSentence = true };
    }
}
