using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Models.Translation;

/// <summary>
/// The model of Vaswani et al. 2017, figure 1, on kernels of this suite, with weights from a seed: tokens and their sinusoidal positions, a stack of encoder
/// layers, a stack of decoder layers that attend to its result, and the product with the table of tokens and its softmax. A new token computes all
/// earlier ones again, since these layers have no caches: the cost that <see cref="Decoding.LayeredDecoder"/> saves. What it says means nothing.
/// </summary>
public sealed unsafe class LayeredTranslator : IDisposable
{
    private const double GainSpread = 0.2, BiasSpread = 0.02;

    // Streams of random numbers: layers of the encoder count from 0, those of the decoder behind them.
    private const int OfTable = -1;

    private readonly TranslatorKernels kernels;
    private readonly IExecutor executor;
    private readonly NativeBlocks blocks = new();
    private readonly StackMemory sourceMemory = new(), targetMemory = new();
    private readonly LayerStack encoder, decoder;
    private readonly float* context, table, bias, ids, probabilities;

    /// <summary>Creates the weights.</summary>
    /// <param name="shape">Its sizes.</param>
    /// <param name="seed">Equal seeds give equal weights.</param>
    /// <param name="kernels">What computes.</param>
    /// <param name="capacity">The most tokens of a source and of a target, at least 1.</param>
    /// <param name="threads">At least 1.</param>
    /// <exception cref="ArgumentException">A kernel computes something else, or the heads do not divide the width.</exception>
    public LayeredTranslator(TranslatorShape shape, int seed, TranslatorKernels kernels, int capacity, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        kernels.Require();
        if (shape.Width % shape.Heads != 0)
            throw new ArgumentException($"{shape.Heads} heads do not divide a width of {shape.Width}.", nameof(shape));
        (Shape, Capacity, this.kernels) = (shape, capacity, kernels);
        executor = Executors.For(kernels.Encoder, threads);
        context = Floats((long)capacity * shape.Width);
        ids = Floats(capacity);
        bias = Floats(shape.Vocabulary);
        probabilities = Floats((long)capacity * shape.Vocabulary);
        table = (float*)blocks.Copy(RandomNumbers.Of((long)shape.Vocabulary * shape.Width, 0, 1, seed, OfTable, 0));
        encoder = new(kernels.Encoder, executor, Weights(kernels.Encoder, seed, firstLayer: 0));
        decoder = new(kernels.Decoder, executor, Weights(kernels.Decoder, seed, shape.Layers));
    }

    /// <summary>Its sizes.</summary>
    public TranslatorShape Shape { get; }

    /// <summary>The most tokens of a source and of a target.</summary>
    public int Capacity { get; }

    /// <summary>Tokens of the source that was encoded last; 0 before.</summary>
    public int SourceTokens { get; private set; }

    /// <summary>Bytes that a translator takes besides the memory of its kernels.</summary>
    public static long Bytes(TranslatorShape shape, long capacity) =>
        sizeof(float) * (shape.Weights + shape.Vocabulary * (capacity + 1L) + capacity * (shape.Width + 1L));

    /// <summary>Computes the encoder on a source, to which targets attend from then on.</summary>
    /// <param name="source">1 to <see cref="Capacity"/> ids below the vocabulary.</param>
    /// <param name="stop">Cancels between two layers.</param>
    /// <exception cref="ArgumentException">There are no ids, too many, or one that the vocabulary does not have.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; there is no source then.</exception>
    public void Encode(ReadOnlySpan<int> source, CancellationToken stop = default)
    {
        SourceTokens = 0;
        StackCall call = Begin(encoder, sourceMemory, source, source.Length, AttentionMask.Full);
        call.Run(stop);
        new ReadOnlySpan<float>(call.Result, source.Length * Shape.Width).CopyTo(new(context, source.Length * Shape.Width));
        SourceTokens = source.Length;
    }

    /// <summary>Computes the decoder on a target that begins with the token of the beginning.</summary>
    /// <param name="target">As the source.</param>
    /// <param name="all">Whether probabilities of all positions are wanted, or of the last alone.</param>
    /// <param name="stop">Cancels between two layers.</param>
    /// <returns>The probabilities of the token behind each position, or behind the last, [positions, vocabulary]; the next call overwrites them.</returns>
    /// <exception cref="InvalidOperationException">Nothing was encoded.</exception>
    /// <exception cref="ArgumentException">As for <see cref="Encode"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ReadOnlySpan<float> Decode(ReadOnlySpan<int> target, bool all, CancellationToken stop = default)
    {
        if (SourceTokens == 0)
            throw new InvalidOperationException("Nothing was encoded.");
        StackCall call = Begin(decoder, targetMemory, target, SourceTokens, AttentionMask.Causal);
        call.Run(stop);
        int rows = all ? target.Length : 1;
        using var own = new NativeBlocks();
        float* x = call.Result + (nint)(target.Length - rows) * Shape.Width;
        // Section 3.4: embeddings are rows of the table times √width, which gives numbers of deviation 1 and is what the table here has; the end multiplies
        // with the table without this factor.
        var scaled = new Span<float>(x, rows * Shape.Width);
        TensorPrimitives.Multiply(scaled, 1 / MathF.Sqrt(Shape.Width), scaled);
        AddressedCall.Of(
            kernels.Vocabulary, LayerProblem.OfRows(rows, Shape.Width, Shape.Vocabulary), executor, own,
            (nint)x, (nint)table, (nint)bias, (nint)probabilities).Run();
        return new(probabilities, rows * Shape.Vocabulary);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        executor.Dispose();
        sourceMemory.Dispose();
        targetMemory.Dispose();
        blocks.Dispose();
    }

    private StackCall Begin(LayerStack stack, StackMemory memory, ReadOnlySpan<int> tokens, int keys, AttentionMask mask)
    {
        if (tokens.IsEmpty || tokens.Length > Capacity)
            throw new ArgumentException($"A text has 1 to {Capacity} tokens, not {tokens.Length}.", nameof(tokens));
        tokens.RequireIn(Shape.Vocabulary);
        for (int i = 0; i < tokens.Length; i++)
            ids[i] = tokens[i];
        StackCall call = stack.Prepare(Problem(tokens.Length, keys, mask), memory);
        using var own = new NativeBlocks();
        AddressedCall.Of(
            kernels.Embedding, LayerProblem.OfRows(tokens.Length, Shape.Width, Shape.Vocabulary), executor, own, (nint)ids, (nint)table, (nint)call.X).Run();
        return call;
    }

    private LayerProblem Problem(int queries, int keys, AttentionMask mask) =>
        new(new AttentionProblem(1, Shape.Heads, Shape.Heads, queries, keys, Shape.Width / Shape.Heads, mask), Shape.Width, Shape.Hidden);

    private float* Floats(long count) => (float*)blocks.Take(sizeof(float) * count);

    private IReadOnlyList<IReadOnlyDictionary<string, nint>> Weights(Kernel kernel, int seed, int firstLayer)
    {
        Operand[] operands = [.. kernel.Info.Operation.Operands(Problem(1, 1, AttentionMask.Full), Format.Float32)
            .Where(operand => operand.Role == Role.Input && operand.Name != "x")];
        return
        [
            .. Enumerable.Range(firstLayer, Shape.Layers)
                .Select(layer => operands.Select((operand, place) => (operand.Name, Address: Weight(operand, seed, layer, place)))
                .ToDictionary(each => each.Name, each => each.Address)),
        ];
    }

    private nint Weight(Operand operand, int seed, int layer, int place)
    {
        if (operand.Name == "c")
            return (nint)context;
        (double mean, double deviation) = operand.Layout.Tokens > 1 ? (0, 1 / Math.Sqrt(operand.Layout.Tokens))
            : operand.Name.Contains("gain", StringComparison.Ordinal) ? (1, GainSpread)
            : (0, BiasSpread);
        return (nint)blocks.Copy(RandomNumbers.Of(operand.Layout.Count, mean, deviation, seed, layer, place));
    }
}
