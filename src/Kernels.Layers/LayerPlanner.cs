using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>Plans a layer around attention as steps over buffers in the shared memory.</summary>
/// <param name="operation">The layer.</param>
/// <param name="problem">Sizes.</param>
/// <param name="format">Of the weights.</param>
/// <param name="cores">Attention kernels: the first that takes the problem computes it.</param>
internal sealed class LayerPlanner<TSet>(LayerOperation operation, LayerProblem problem, Format format, IReadOnlyList<Kernel> cores)
    : StepPlanner(operation.Operands((Problem)problem, format))
    where TSet : struct, IInstructionSet
{
    // Rows of one head are in as many pages of memory as those of all heads, and flash attention reads them for each tile of queries. Measured on Zen 5
    // beside other work, 12 heads of 32 channels: at 8,192 tokens, 12 MiB, copies gain 2 to 4 %, at 16,384 half of the time; what becomes scarce in between
    // is not known.
    private const long MostSpan = 6 << 20;

    private readonly int rows = problem.Batch * problem.Queries;
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
        Product(pre ? normed : h, rows, problem.Width, "w1", problem.Hidden, hidden, activation: layer.Activation,
            gate: gated ? "w3" : null, part: LayerPart.FeedForward);
        Product(hidden, rows, problem.Hidden, "w2", problem.Width, y, residual: h, part: LayerPart.FeedForward);
        if (!pre)
            Norm(y, y, "gain2", layer);
        return Finish();
    }

    private Plan Finish() => refusal is { } reason ? Abstractions.Plan.Refuse(reason) : Plan;

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
            Add(new RotateStep
            {
                Problem = problem,
                Base = layer is { Rotary: true } ? layer.RotaryBase : null,
                Q = q,
                K = k,
                V = v,
                Cache = cached ? Place("kc").Place : null,
            });
        Rows joined = Take((long)rows * problem.QueryWidth);
        Attend(attention, q, cached && self ? Place("kc") : k, cached && self ? Place("vc") : v, joined);
        Product(joined, rows, problem.QueryWidth, prefix + "wo", problem.Width, output, residual);
    }

    /// <summary>
    /// The attention kernel, on rows as projections write them; on copies of keys and values in head-major order where theirs are far apart, and of all rows
    /// for a kernel that reads no strides.
    /// </summary>
    private void Attend(AttentionProblem attention, Rows q, Rows k, Rows v, Rows o)
    {
        Layout queries = Layout.Of(TokenOrder.TokenMajor, problem.Batch, problem.Heads, problem.Queries, problem.HeadDim);
        Layout keys = k.Place >= 0 ? OperandOf(k).Layout : Layout.Of(TokenOrder.TokenMajor, problem.Batch, problem.KvHeads, attention.Keys, problem.HeadDim);
        // A cache has strides that are not known before the call.
        IEnumerable<Kernel> readers = k.Place >= 0 ? cores.Where(core => core.TakesStrides(OperandOf(k))) : cores;
        Layout near = Layout.Of(TokenOrder.HeadMajor, problem.Batch, problem.KvHeads, attention.Keys, problem.HeadDim);
        bool copied = k.Place < 0 && problem.KvHeads > 1 && sizeof(float) * near.Count / problem.Batch > MostSpan;
        Layout read = copied ? near : keys;
        if (readers.Select(core => new InnerKernel(core, attention, queries, read, read, queries))
            .FirstOrDefault(each => each.Plan.Refusal is null) is { } inner)
        {
            Core(inner, q, copied ? Copy(k, keys, near) : k, copied ? Copy(v, keys, near) : v, o);
            return;
        }
        var headMajor = new AttentionProblem(
            attention.Batch, attention.Heads, attention.KvHeads, attention.Queries, attention.Keys, attention.HeadDim, attention.Mask, attention.Scale);
        InnerKernel[] dense = [.. cores.Select(core => new InnerKernel(core, headMajor))];
        if (dense.FirstOrDefault(each => each.Plan.Refusal is null) is not { } copying)
        {
            refusal ??= $"{cores[^1].Info.Name} in it {dense[^1].Plan.Refusal}";
            return;
        }
        Layout denseQueries = copying.Operands[AttentionOperation.Q].Layout, denseKeys = copying.Operands[AttentionOperation.K].Layout;
        Rows copiedO = Take(denseQueries.Count);
        Core(copying, Copy(q, queries, denseQueries), Copy(k, keys, denseKeys), Copy(v, keys, denseKeys), copiedO);
        Add(new ReorderStep(copiedO, denseQueries, o, queries));
    }

    private Rows Copy(Rows rows, Layout from, Layout to)
    {
        Rows copy = Take(to.Count);
        Add(new ReorderStep(rows, from, copy, to));
        return copy;
    }

    private void Core(InnerKernel inner, Rows q, Rows k, Rows v, Rows o)
    {
        Rows memory = Take((inner.Plan.SharedBytes + sizeof(float) - 1) / sizeof(float));
        for (int stage = 0; stage < inner.Plan.Stages.Length; stage++)
            Add(new CoreStep(inner, stage, q, k, v, o, memory));
    }

    private void Product(Rows x, int count, int depth, string w, int width, Rows output,
        Rows? residual = null, Activation? activation = null, string? gate = null,
        LayerPart part = LayerPart.Projections)
    {
        Add(new ProductStep<TSet>
        {
            X = x,
            RowCount = count,
            Depth = depth,
            W = Place(w),
            Bias = After(w),
            Width = width,
            Output = output,
            Residual = residual,
            Activation = activation,
            Part = part,
            Gate = gate is null ? null : Place(gate),
            Order = operation.WeightOrder,
        });
    }

    private void Norm(Rows x, Rows output, string gain, TransformerLayer layer) =>
        Add(new NormStep<TSet> { X = x, Output = output, RowCount = rows, Width = problem.Width, Gain = Place(gain).Place, Layer = layer });
}
