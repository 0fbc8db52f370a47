using System.Collections.Immutable;
using System.Numerics.Tensors;
using Kernels.Abstractions;

namespace Kernels.Models;

/// <summary>
/// A trained encoder on a layer kernel of this suite, in float32. A text is computed at its own length: a batch is one text after another,
/// so that no padding is computed, and a text's embedding does not depend on those beside it.
/// </summary>
public sealed unsafe class LayeredEncoder : IDisposable
{
    private readonly EncoderWeights weights;
    private readonly IExecutor executor;
    private readonly NativeBlocks blocks = new();
    private readonly LayerStack stack;
    private readonly Dictionary<int, (StackCall Call, StackMemory Memory)> byLength = [];

    /// <summary>Copies the weights to where kernels read them.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="layer">A kernel of <see cref="OperationOf"/> the model, in float32.</param>
    /// <param name="threads">At least 1.</param>
    public LayeredEncoder(EncoderWeights weights, Kernel layer, int threads)
    {
        layer.Require(OperationOf(weights.Shape), Format.Float32);
        this.weights = weights;
        executor = Executors.For(layer, threads);
        ImmutableArray<Operand> operands = layer.Info.Operation.Operands(Problem(1), Format.Float32);
        stack = new(layer, executor, [.. weights.Layers.Select(each => Addresses(each, operands))]);
    }

    /// <summary>The layer of BERT with the model's ε.</summary>
    public static TransformerLayer OperationOf(EncoderShape shape) => Operations.EncoderLayer with { Epsilon = shape.Epsilon };

    /// <summary>The problem of one layer on a text.</summary>
    public LayerProblem Problem(int tokens) =>
        new(new AttentionProblem(1, weights.Shape.Heads, weights.Shape.Heads, tokens, tokens, weights.Shape.HeadDim),
            weights.Shape.Width, weights.Shape.Hidden);

    /// <summary>Prepares a length, so that the first call is as fast as the others.</summary>
    public void Prepare(int tokens) => Get(tokens);

    /// <summary>The mean of the last layer's rows at unit length. After the first call of a length it allocates nothing.</summary>
    /// <param name="ids">Rows of the table of words, 1 to as many as there are positions.</param>
    /// <param name="embedding">[width].</param>
    public void Embed(ReadOnlySpan<int> ids, Span<float> embedding)
    {
        StackCall call = Get(ids.Length);
        int width = weights.Shape.Width;
        for (int token = 0; token < ids.Length; token++)
            Start(ids[token], token, new Span<float>(call.X + token * width, width));
        call.Run();
        embedding.Clear();
        for (int token = 0; token < ids.Length; token++)
            TensorPrimitives.Add(embedding, new ReadOnlySpan<float>(call.Result + token * width, width), embedding);
        TensorPrimitives.Multiply(embedding, 1 / TensorPrimitives.Norm<float>(embedding), embedding);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        executor.Dispose();
        foreach ((_, StackMemory memory) in byLength.Values)
            memory.Dispose();
        blocks.Dispose();
    }

    // Word, position and kind of sentence, and the norm of their sum.
    private void Start(int id, int position, Span<float> row)
    {
        int width = row.Length;
        TensorPrimitives.Add(weights.Words.AsSpan(id * width, width), weights.Positions.AsSpan(position * width, width), row);
        TensorPrimitives.Add(row, weights.TokenType, row);
        TensorPrimitives.Subtract(row, TensorPrimitives.Sum<float>(row) / width, row);
        float factor = 1 / MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(row) / width + (float)weights.Shape.Epsilon);
        TensorPrimitives.Multiply(row, factor, row);
        TensorPrimitives.MultiplyAdd(row, weights.Gain, weights.Bias, row);
    }

    private StackCall Get(int tokens)
    {
        if (byLength.TryGetValue(tokens, out (StackCall Call, StackMemory Memory) known))
            return known.Call;
        if (tokens < 1 || tokens > weights.Shape.Positions)
            throw new ArgumentException($"A text has 1 to {weights.Shape.Positions} tokens, not {tokens}.", nameof(tokens));
        var memory = new StackMemory();
        return (byLength[tokens] = (stack.Prepare(Problem(tokens), memory), memory)).Call;
    }

    private Dictionary<string, nint> Addresses(LayerWeights each, ImmutableArray<Operand> operands)
    {
        float[][] inOrder =
        [
            each.Wq, each.Bq, each.Wk, each.Bk, each.Wv, each.Bv, each.Wo, each.Bo,
            each.Gain1, each.Bias1, each.W1, each.B1, each.W2, each.B2, each.Gain2, each.Bias2,
        ];
        Dictionary<string, nint> addresses = [];
        for (int i = 0; i < inOrder.Length; i++)
            addresses.Add(operands[i + 1].Name, (nint)blocks.Copy(inOrder[i]));
        return addresses;
    }
}
