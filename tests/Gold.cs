using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Tests;

/// <summary>Rows of an output in float64 from the reference of an operation, for numbers of a test.</summary>
internal static class Gold
{
    /// <summary>One row of the only head.</summary>
    public static void Row(
        AttentionOperation operation, AttentionProblem problem, int query, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v,
        Span<double> row) =>
        Rows(operation, problem, 0, [query], q, k, v, row);

    /// <summary>Rows of a head; its numbers are those of the tensors, whatever its own number, on which a state may depend.</summary>
    public static void Rows(
        AttentionOperation operation, AttentionProblem problem, int head, int[] queries, ReadOnlySpan<float> q, ReadOnlySpan<float> k,
        ReadOnlySpan<float> v, Span<double> rows)
    {
        // Other heads are copies: which of them is asked for is all that differs.
        int heads = problem.KvHead(head) + 1;
        var copies = new AttentionProblem(
            1, heads, heads, problem.Queries, problem.Keys, problem.HeadDim, problem.Mask, problem.Scale, problem.ValueDim,
            problem.QueryStart == problem.UsualQueryStart ? null : problem.QueryStart, problem.KeyStart);
        using Inputs inputs = Inputs.From(
            copies, operation.Operands(copies, Format.Float32),
            new Dictionary<string, float[]> { ["q"] = Repeated(q, heads), ["k"] = Repeated(k, heads), ["v"] = Repeated(v, heads) });
        References.Suite.Of(operation).Gold(inputs, new RowBlock(0, heads - 1, queries), rows);
    }

    private static float[] Repeated(ReadOnlySpan<float> numbers, int times)
    {
        float[] head = numbers.ToArray();
        return [.. Enumerable.Repeat(head, times).SelectMany(each => each)];
    }
}
