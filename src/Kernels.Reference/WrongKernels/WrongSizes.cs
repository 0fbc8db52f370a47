using System.Numerics.Tensors;
using Kernels.Abstractions;
using static Kernels.Reference.FailureKind;

namespace Kernels.Reference;

/// <summary>Kernels that are right for common sizes only.</summary>
internal static class WrongSizes
{
    public static IReadOnlyList<WrongKernel> Create() =>
    [
        KeysOf(bits: 11),
        KeysOf(bits: 16),
        KeysOf(bits: 17),
        new(new ScalarAttention
        {
            Name = "drops-the-last-of-many-keys", Mistake = "leaves out the last key beyond 1,030",
            Visible = (problem, query) =>
            {
                KeyRange visible = problem.VisibleKeys(query);
                return visible.Length > 1030 ? visible with { End = visible.End - 1 } : visible;
            },
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "third-batch", Mistake = "takes the keys of batch 1 from the third batch on",
            KvIndex = (problem, batch, head) => Math.Min(batch, 1) * problem.KvHeads + problem.KvHead(head),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "seventeenth-head", Mistake = "knows 16 heads",
            KvIndex = (problem, batch, head) => batch * problem.KvHeads + problem.KvHead(Math.Min(head, 15)),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "head-dims-129-to-255", Mistake = "reads 128 channels of head dimensions between 128 and 256",
            Dot = (q, k) => ScalarAttention.PlainDot(q.Length is > 128 and < 256 ? q[..128] : q, k),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "weights-above-one", Mistake = "sums values with weights up to 65,536",
            Normalise = (problem, query, row) =>
            {
                ScalarAttention.PlainNormalise(problem, query, row);
                TensorPrimitives.Multiply(row, 65536, row);
            },
            Finish = (_, _, row) => TensorPrimitives.Divide(row, 65536, row),
        }, FailureKind.NaN, Infinite),
    ];

    private static WrongKernel KeysOf(int bits) => new(
        new ScalarAttention
        {
            Name = $"keys-of-{bits}-bits",
            Mistake = $"counts the keys of values in {bits} bits",
            ValueOf = (_, key) => key & ((1 << bits) - 1),
        }, Inaccurate);
}
