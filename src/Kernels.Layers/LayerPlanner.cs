using System.Collections.Immutable;
using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>Plans a layer as steps over buffers in the shared memory, and finds its operands by name.</summary>
/// <param name="operation">The layer.</param>
/// <param name="problem">Sizes.</param>
/// <param name="format">Of the weights.</param>
/// <param name="core">The attention kernel.</param>
internal sealed class LayerPlanner<TSet>(LayerOperation operation, LayerProblem problem, Format format, Kernel core)
    where TSet : struct, IInstructionSet
{
    private readonly ImmutableArray<Operand> operands = operation.Operands(problem, format);
    private readonly ImmutableArray<LayerStep>.Builder steps = ImmutableArray.CreateBuilder<LayerStep>();
    private readonly int rows = problem.Batch * problem.Queries;
    private long shared;
    private string? refusal;

    /// <summary>The plan, or why the attention kernel refuses.</summary>
    public Plan Create()
    {
        Rows x = Place("x"), y = Place("y");
        if (operation is not TransformerLayer layer)
        {
            MultiHead(x, Place(operation is MultiHeadAttention { Cross: true } ? "c" : "x"), "", problem.Core, residual: null, y, layer: null);
            return Finish();
        }
        bool pre = layer.PreNorm;
        Rows normed = pre ? Take((long)rows * problem.Width) : x, h = Take((long)rows * problem.Width);
        if (pre)
            Norm(x, normed, "gain1", layer);
        MultiHead(normed, normed, "", layer.SelfCore(problem), residual: x, h, layer);
        if (!pre)
            Norm(h, h, "gain1", layer);
        if (layer.Cross)
        {
            if (pre)
                Norm(h, normed, "cgain", layer);
            MultiHead(pre ? normed : h, Place("c"), "c", TransformerLayer.CrossCore(problem), residual: h, h, layer);
            if (!pre)
                Norm(h, h, "cgain", layer);
        }
        if (pre)
            Norm(h, normed, "gain2", layer);
        Rows hidden = Take((long)rows * problem.Hidden);
        bool gated = layer.Activation == Activation.SwiGlu;
        Product(pre ? normed : h, rows, problem.Width, "w1", problem.Hidden, hidden, activation: layer.Activation, gate: gated ? "w3" : null);
        Product(hidden, rows, problem.Hidden, "w2", problem.Width, y, residual: h);
        if (!pre)
            Norm(y, y, "gain2", layer);
        return Finish();
    }

    private Plan Finish() => refusal is { } reason
        ? Plan.Refuse(reason)
        : new LayerPlan(steps.ToImmutable()) { SharedBytes = sizeof(float) * shared, ThreadBytes = steps.Max(step => step.ThreadBytes) };

    /// <summary>Multi-head attention of rows to rows of a source.</summary>
    private void MultiHead(Rows x, Rows source, string prefix, AttentionProblem attention, Rows? residual, Rows output, TransformerLayer? layer)
    {
        bool cached = layer is { Cached: true }, self = prefix == "" && operation is not MultiHeadAttention { Cross: true };
        int keys = problem.Batch * (self ? problem.Queries : problem.Keys);
        Rows q = Take((long)rows * problem.QueryWidth), k = Take((long)keys * problem.KeyWidth), v = Take((long)keys * problem.KeyWidth);
        Product(x, rows, problem.Width, prefix + "wq", problem.QueryWidth, q);
        Product(source, keys, problem.Width, prefix + "wk", problem.KeyWidth, k);
        Product(source, keys, problem.Width, prefix + "wv", problem.KeyWidth, v);
        if (self && (layer is { Rotary: true } || cached))
            steps.Add(new RotateStep { Problem = problem, Rotates = layer is { Rotary: true }, Q = q, K = k, V = v, Cache = cached ? Place("kc").Place : null });
        Layout token = Layout.Of(TokenOrder.TokenMajor, problem.Batch, problem.Heads, problem.Queries, problem.HeadDim);
        Layout keyRows = cached && self ? operands[Place("kc").Place].Layout : Layout.Of(TokenOrder.TokenMajor, problem.Batch, problem.KvHeads, attention.Keys, problem.HeadDim);
        Rows joined = Take((long)rows * problem.QueryWidth);
        var inner = new InnerKernel(core, attention, token, keyRows, keyRows, token);
        if (inner.Plan.Refusal is { } reason)
        {
            refusal ??= $"{core.Info.Name} in it {reason}";
            return;
        }
        Rows memory = Take((inner.Plan.SharedBytes + sizeof(float) - 1) / sizeof(float));
        for (int stage = 0; stage < inner.Plan.Stages.Length; stage++)
            steps.Add(new CoreStep(inner, stage, q, cached && self ? Place("kc") : k, cached && self ? Place("vc") : v, joined, memory));
        Product(joined, rows, problem.QueryWidth, prefix + "wo", problem.Width, output, residual);
    }

    private void Product(Rows x, int count, int depth, string w, int width, Rows output, Rows? residual = null, Activation? activation = null, string? gate = null) =>
        steps.Add(new ProductStep<TSet>
        {
            X = x, RowCount = count, Depth = depth, W = Place(w).Place, Width = width, Output = output, Residual = residual, Activation = activation,
            Gate = gate is null ? null : Place(gate).Place,
        });

    private void Norm(Rows x, Rows output, string gain, TransformerLayer layer) =>
        steps.Add(new NormStep<TSet> { X = x, Output = output, RowCount = rows, Width = problem.Width, Gain = Place(gain).Place, Layer = layer });

    private Rows Place(string name)
    {
        for (int i = 0; i < operands.Length; i++)
        {
            if (operands[i].Name == name)
                return new(i);
        }
        throw new ArgumentException($"{operation} has no operand {name}.", nameof(name));
    }

    /// <summary>A buffer of the shared memory, on a cache line of it.</summary>
    private Rows Take(long floats)
    {
        var taken = new Rows(-1, shared);
        shared += (floats + CacheLine.Floats - 1) / CacheLine.Floats * CacheLine.Floats;
        return taken;
    }
}
