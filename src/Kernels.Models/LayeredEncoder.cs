using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Kernels.Abstractions;
using Tensor = Kernels.Abstractions.Tensor;

namespace Kernels.Models;

/// <summary>
/// A trained encoder on a layer kernel of this suite, in float32. A text is computed at its own length: a batch is one text after another,
/// so that no padding is computed, and a text's embedding does not depend on those beside it.
/// </summary>
public sealed unsafe class LayeredEncoder : IDisposable
{
    private const int Alignment = 64;

    private readonly EncoderWeights weights;
    private readonly Kernel layer;
    private readonly IExecutor executor;
    private readonly List<nint> blocks = [];
    private readonly Tensor[][] tensors;
    private readonly Dictionary<int, Prepared> byLength = [];

    /// <summary>Copies the weights to where kernels read them.</summary>
    /// <param name="weights">The model.</param>
    /// <param name="layer">A kernel of <see cref="OperationOf"/> the model, in float32.</param>
    /// <param name="threads">At least 1.</param>
    public LayeredEncoder(EncoderWeights weights, Kernel layer, int threads)
    {
        if (layer.Info.Operation != OperationOf(weights.Shape) || layer.Info.Format != Format.Float32)
            throw new ArgumentException($"{layer.Info.Name} computes {layer.Info.Operation} in {layer.Info.Format}, not {OperationOf(weights.Shape)} in float32.", nameof(layer));
        (this.weights, this.layer) = (weights, layer);
        executor = Executors.For(layer, threads);
        ImmutableArray<Operand> operands = layer.Info.Operation.Operands(Problem(1), Format.Float32);
        tensors = [.. weights.Layers.Select(each => Tensors(each, operands))];
    }

    /// <summary>The layer of BERT with the model's ε.</summary>
    public static TransformerLayer OperationOf(EncoderShape shape) => Operations.EncoderLayer with { Epsilon = shape.Epsilon };

    /// <summary>The problem of one layer on a text.</summary>
    public LayerProblem Problem(int tokens) =>
        new(new AttentionProblem(1, weights.Shape.Heads, weights.Shape.Heads, tokens, tokens, weights.Shape.HeadDim), weights.Shape.Width, weights.Shape.Hidden);

    /// <summary>Prepares a length, so that the first call is as fast as the others.</summary>
    public void Prepare(int tokens) => Get(tokens);

    /// <summary>The mean of the last layer's rows at unit length. After the first call of a length it allocates nothing.</summary>
    /// <param name="ids">Rows of the table of words, 1 to as many as there are positions.</param>
    /// <param name="embedding">[width].</param>
    public void Embed(ReadOnlySpan<int> ids, Span<float> embedding)
    {
        Prepared prepared = Get(ids.Length);
        int width = weights.Shape.Width;
        for (int token = 0; token < ids.Length; token++)
            Start(ids[token], token, new Span<float>(prepared.X + token * width, width));
        foreach (PreparedCall call in prepared.Layers)
            call.Run();
        embedding.Clear();
        for (int token = 0; token < ids.Length; token++)
            TensorPrimitives.Add(embedding, new ReadOnlySpan<float>(prepared.Result + token * width, width), embedding);
        TensorPrimitives.Multiply(embedding, 1 / TensorPrimitives.Norm<float>(embedding), embedding);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        executor.Dispose();
        foreach (nint block in blocks)
            NativeMemory.AlignedFree((void*)block);
        blocks.Clear();
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

    private Prepared Get(int tokens)
    {
        if (byLength.TryGetValue(tokens, out Prepared? known))
            return known;
        if (tokens < 1 || tokens > weights.Shape.Positions)
            throw new ArgumentException($"A text has 1 to {weights.Shape.Positions} tokens, not {tokens}.", nameof(tokens));
        LayerProblem problem = Problem(tokens);
        ImmutableArray<Operand> operands = layer.Info.Operation.Operands(problem, Format.Float32);
        Plan plan = layer.Plan(problem);
        if (plan.Refusal is { } reason)
            throw new NotSupportedException($"{layer.Info.Name}: {reason}");
        long bytes = PreparedCall.MemoryBytes(plan, executor);
        void* memory = Take(bytes);
        float*[] rows = [(float*)Take(operands[0].Bytes), (float*)Take(operands[0].Bytes)];
        var calls = new PreparedCall[tensors.Length];
        for (int i = 0; i < calls.Length; i++)
        {
            Tensor[] own = [.. tensors[i]];
            own[0] = new Tensor(rows[i % 2], operands[0]);
            own[^1] = new Tensor(rows[(i + 1) % 2], operands[^1]);
            calls[i] = new PreparedCall(layer, problem, own, memory, bytes, executor);
        }
        return byLength[tokens] = new Prepared(calls, rows[0], rows[calls.Length % 2]);
    }

    // Places of x and y are filled for each length.
    private Tensor[] Tensors(LayerWeights each, ImmutableArray<Operand> operands)
    {
        float[][] inOrder =
        [
            each.Wq, each.Bq, each.Wk, each.Bk, each.Wv, each.Bv, each.Wo, each.Bo, each.Gain1, each.Bias1, each.W1, each.B1, each.W2, each.B2, each.Gain2, each.Bias2,
        ];
        var placed = new Tensor[operands.Length];
        for (int i = 0; i < inOrder.Length; i++)
        {
            float* copy = (float*)Take(sizeof(float) * (long)inOrder[i].Length);
            inOrder[i].CopyTo(new Span<float>(copy, inOrder[i].Length));
            placed[i + 1] = new Tensor(copy, operands[i + 1]);
        }
        return placed;
    }

    private void* Take(long bytes)
    {
        void* block = NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), Alignment);
        blocks.Add((nint)block);
        return block;
    }

    private sealed class Prepared(PreparedCall[] layers, float* x, float* result)
    {
        public PreparedCall[] Layers => layers;

        public float* X => x;

        public float* Result => result;
    }
}
