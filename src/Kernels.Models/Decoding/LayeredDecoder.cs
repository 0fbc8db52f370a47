using System.Diagnostics;
using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Models.Decoding;

/// <summary>
/// A decoder as Llama is one on the layer kernels of this suite: rows of tokens, layers that continue caches of keys and values, an RMS norm, and the product
/// with the vocabulary and its softmax. Caches have room for a number of tokens that is given; a prompt is computed at once or in parts, then a token at a
/// time. Each number of earlier tokens is a problem of its own, which is planned once for all layers; nothing else is allocated for a token.
/// </summary>
public sealed unsafe class LayeredDecoder : IDisposable
{
    private readonly Format format;
    private readonly IExecutor executor;
    private readonly NativeBlocks blocks = new();
    private readonly StackMemory memory = new();
    private readonly IReadOnlyList<IReadOnlyDictionary<string, nint>> weights;
    private readonly LayerStack stack;
    private readonly byte* words;
    private readonly float[] gain;
    private readonly float* row, probabilities;
    private readonly PreparedCall vocabulary;

    /// <summary>Copies the weights to where kernels read them.</summary>
    /// <param name="source">The weights.</param>
    /// <param name="layer">A kernel of <see cref="OperationOf"/> the shape with caches; its format is that of all weights.</param>
    /// <param name="vocabulary">A kernel of <see cref="Operations.Vocabulary"/> in the same format.</param>
    /// <param name="capacity">Tokens for which the caches have room, at least 1.</param>
    /// <param name="threads">At least 1.</param>
    public LayeredDecoder(IDecoderWeights source, Kernel layer, Kernel vocabulary, int capacity, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        (Shape, Capacity, format) = (source.Shape, capacity, layer.Info.Format);
        layer.Require(OperationOf(Shape, cached: true), format);
        vocabulary.Require(Operations.Vocabulary, format);
        executor = Executors.For(layer, threads);
        words = (byte*)blocks.Copy(source.Words(), format.Input);
        gain = source.Gain();
        long layerBytes = 0;
        var layers = new IReadOnlyDictionary<string, nint>[Shape.Layers];
        for (int i = 0; i < layers.Length; i++)
            layers[i] = Addresses(source, i, ref layerBytes);
        (weights, WeightBytes) = (layers, layerBytes);
        stack = new(layer, executor, weights, [.. Enumerable.Range(0, Shape.Layers).Select(_ => Caches())], capacity);
        // An offset of 0 is added to every score.
        row = (float*)blocks.Take(sizeof(float) * Shape.Width);
        float* bias = (float*)blocks.Take(sizeof(float) * Shape.Vocabulary);
        WeightBytes += format.Input.Size() * Shape.Width * (Shape.Vocabulary + 1L) + sizeof(float) * (Shape.Width + Shape.Vocabulary);
        probabilities = (float*)blocks.Take(sizeof(float) * Shape.Vocabulary);
        void* output = source.Output() is { } numbers ? blocks.Copy(numbers, format.Input) : words;
        LayerProblem problem = LayerProblem.OfRows(1, Shape.Width, Shape.Vocabulary);
        this.vocabulary = AddressedCall.Of(vocabulary, problem, executor, blocks, (nint)row, (nint)output, (nint)bias, (nint)probabilities);
    }

    /// <summary>Its sizes.</summary>
    public DecoderShape Shape { get; }

    /// <summary>Tokens for which the caches have room.</summary>
    public int Capacity { get; }

    /// <summary>Tokens in the caches.</summary>
    public int Count { get; private set; }

    /// <summary>The part of the last call before the layers were run: its plan and the checks of operands.</summary>
    public TimeSpan Preparing { get; private set; }

    /// <summary>Bytes of weights that one more token reads, biases of zeros included: all but the rows of other tokens.</summary>
    public long WeightBytes { get; }

    /// <summary>Bytes of the caches of some tokens.</summary>
    public long CacheBytes(long tokens) => sizeof(float) * tokens * Shape.CacheOfToken;

    /// <summary>The layer of Llama with the ε and the wavelengths of a shape.</summary>
    public static TransformerLayer OperationOf(DecoderShape shape, bool cached) =>
        Operations.LlamaLayer with { Epsilon = shape.Epsilon, RotaryBase = shape.RotaryBase, Cached = cached };

    /// <summary>Computes tokens behind those in the caches.</summary>
    /// <param name="ids">At least one, each below the size of the vocabulary; at most as many as there is room for.</param>
    /// <param name="stop">Cancels between two layers.</param>
    /// <returns>The probabilities of the token after them, [vocabulary]; the next call overwrites them.</returns>
    /// <exception cref="ArgumentException">There are no ids, too many, or one that the vocabulary does not have.</exception>
    /// <exception cref="NotSupportedException">The kernel refuses the problem.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the tokens do not count.</exception>
    public ReadOnlySpan<float> Append(ReadOnlySpan<int> ids, CancellationToken stop = default)
    {
        if (ids.Length > Capacity - Count)
            throw new ArgumentException($"There is room for {Capacity - Count} tokens, not for {ids.Length}.", nameof(ids));
        Compute(stack, memory, ids, Count + ids.Length, stop);
        Count += ids.Length;
        return new(probabilities, Shape.Vocabulary);
    }

    /// <summary>Forgets all tokens.</summary>
    public void Clear() => Count = 0;

    /// <summary>The same of a whole sequence at once, without caches, which stay as they are.</summary>
    /// <param name="layer">A kernel of <see cref="OperationOf"/> the shape without caches, in the same format.</param>
    /// <param name="ids">As for <see cref="Append"/>.</param>
    /// <param name="stop">Cancels between two layers.</param>
    /// <returns>As <see cref="Append"/> does.</returns>
    public ReadOnlySpan<float> AtOnce(Kernel layer, ReadOnlySpan<int> ids, CancellationToken stop = default)
    {
        layer.Require(OperationOf(Shape, cached: false), format);
        using var own = new StackMemory();
        Compute(new LayerStack(layer, executor, weights), own, ids, ids.Length, stop);
        return new(probabilities, Shape.Vocabulary);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        executor.Dispose();
        memory.Dispose();
        blocks.Dispose();
    }

    private void Compute(LayerStack layers, StackMemory rows, ReadOnlySpan<int> ids, int keys, CancellationToken stop)
    {
        if (ids.IsEmpty)
            throw new ArgumentException("There are no ids.", nameof(ids));
        ids.RequireIn(Shape.Vocabulary);
        long begin = Stopwatch.GetTimestamp();
        var core = new AttentionProblem(1, Shape.Heads, Shape.KvHeads, ids.Length, keys, Shape.HeadDim, AttentionMask.Causal);
        StackCall call = layers.Prepare(new LayerProblem(core, Shape.Width, Shape.Hidden), rows);
        Preparing = Stopwatch.GetElapsedTime(begin);
        int width = Shape.Width;
        for (int token = 0; token < ids.Length; token++)
            format.Input.Widen(words + (nint)ids[token] * width * format.Input.Size(), new Span<float>(call.X + (nint)token * width, width));
        call.Run(stop);
        ReadOnlySpan<float> last = new(call.Result + (nint)(ids.Length - 1) * width, width);
        Span<float> normed = new(row, width);
        TensorPrimitives.Multiply(last, 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares(last) / width + (float)Shape.Epsilon), normed);
        TensorPrimitives.Multiply(normed, gain, normed);
        vocabulary.Run();
    }

    private Dictionary<string, nint> Addresses(IDecoderWeights source, int layer, ref long bytes)
    {
        Dictionary<string, nint> addresses = [];
        foreach (Operand operand in Operations.LlamaLayer.Operands(
            new LayerProblem(new AttentionProblem(1, Shape.Heads, Shape.KvHeads, 1, 1, Shape.HeadDim), Shape.Width, Shape.Hidden), format))
        {
            if (operand.Role != Role.Input || operand.Name == "x")
                continue;
            bytes += operand.Bytes;
            bool isBias = operand.Name is ['b', ..] or ['s', ..];
            addresses.Add(operand.Name, (nint)(isBias ? blocks.Take(operand.Bytes) : blocks.Copy(source.OfLayer(layer, operand.Name), operand.Element)));
        }
        return addresses;
    }

    private Dictionary<string, nint> Caches() =>
        new[] { "kc", "vc" }.ToDictionary(name => name, _ => (nint)blocks.Take(CacheBytes(Capacity) / (2 * Shape.Layers)));
}
