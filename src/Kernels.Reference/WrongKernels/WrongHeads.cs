using static Kernels.Reference.FailureKind;

namespace Kernels.Reference;

/// <summary>Kernels that mix up heads, batches, rows or channels.</summary>
internal static class WrongHeads
{
    public static IReadOnlyList<WrongKernel> Create() =>
    [
        new(new ScalarAttention
        {
            Name = "kv-head-modulo", Mistake = "takes kv head = head mod kvHeads",
            KvIndex = (problem, batch, head) => batch * problem.KvHeads + head % problem.KvHeads,
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "first-kv-head", Mistake = "takes kv head 0 for all heads",
            KvIndex = (problem, batch, _) => batch * problem.KvHeads,
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "first-batch", Mistake = "takes the keys of batch 0 for all",
            KvIndex = (problem, _, head) => problem.KvHead(head),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "token-major-output", Mistake = "writes [token, head] instead of [head, token]",
            OutputRow = (problem, headIndex, query) =>
                (headIndex / problem.Heads * problem.Queries + query) * problem.Heads + headIndex % problem.Heads,
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "skips-last-query-block", Mistake = "leaves out the queries after the last whole tile of 64",
            Queries = problem => problem.Queries < 64 ? problem.Queries : problem.Queries / 64 * 64,
        }, NotWritten),
        new(new ScalarAttention
        {
            Name = "drops-a-rare-row", Mistake = "returns zeros for query 199 of 200",
            Finish = (problem, query, row) =>
            {
                if (problem.Queries == 200 && query == 199)
                    row.Clear();
            },
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "head-dim-16", Mistake = "sums only whole vectors of 16 channels",
            Dot = (q, k) => ScalarAttention.PlainDot(q[..(q.Length < 16 ? q.Length : q.Length / 16 * 16)], k),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "zero-tail-channels", Mistake = "returns zeros in the channels after the last whole vector of 8",
            Finish = (_, _, row) => row[(row.Length / 8 * 8)..].Clear(),
        }, Inaccurate),
        new(new ScalarAttention
        {
            Name = "head-dim-128", Mistake = "knows no head dimension above 128",
            Dot = (q, k) => ScalarAttention.PlainDot(q[..Math.Min(128, q.Length)], k),
        }, Inaccurate),
    ];
}
