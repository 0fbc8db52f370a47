using Kernels.Abstractions;
using static Kernels.Bench.Commands.Templates.KernelTemplate;

namespace Kernels.Bench.Commands.Templates;

/// <summary>A kernel of softmax attention in any of its forms: running maximum and sum over the keys that a query attends to.</summary>
internal static class RowTemplate
{
    /// <summary>What the class does, and its members after the description.</summary>
    public static (string Summary, string Members) For(KernelInfo info)
    {
        Operation operation = info.Operation;
        bool isLinformer = operation is LinformerAttention, widens = info.Format.Input != Element.Float32;
        bool hasScratch = widens || isLinformer || operation is TopKAttention;
        string floats = operation switch
        {
            TopKAttention => "problem.ValueDim + 4L * problem.Keys",
            LinformerAttention => "problem.ValueDim + (2L + Length) * (problem.HeadDim + problem.ValueDim)",
            _ => widens ? "2L * (problem.HeadDim + problem.ValueDim)" : "(long)problem.ValueDim",
        };
        string Row(string tensor, string head, string token) =>
            widens ? $"Widen(call.{tensor}, batch, {head}, {token}, wide{tensor})" : $"call.{tensor}.Row<float>(batch, {head}, {token})";
        return ("Running maximum and sum, one query at a time", $$"""
            {{Constants(operation)}}
            /// <inheritdoc/>
            protected override Takes Takes => Takes.ValueDim | Takes.Strides;

            /// <inheritdoc/>
            // One work item for each head, in any order; scratch for each thread.
            protected override Plan PlanFor(AttentionProblem problem) =>
                new(problem.Batch * problem.Heads) { ThreadBytes = sizeof(float) * ({{floats}}) };

            /// <inheritdoc/>
            protected override void Compute(in AttentionCall call, int stage, int item)
            {
                (int batch, int head) = Math.DivRem(item, call.Problem.Heads);
                {{(isLinformer ? "Project(call, batch, call.Problem.KvHead(head));" : "")}}
                for (int query = 0; query < call.Problem.Queries; query++)
                    ComputeRow(call, batch, head, query);
            }

            private static void ComputeRow(in AttentionCall call, int batch, int head, int query)
            {
                AttentionProblem problem = call.Problem;
                KeyRange visible = {{(isLinformer ? "new(0, Length)" : "problem.VisibleKeys(query)")}};
                int d = problem.HeadDim, valueDim = problem.ValueDim{{(isLinformer ? "" : ", kvHead = problem.KvHead(head)")}};
                Span<float> row = call.OwnFloats{{(hasScratch ? "[..valueDim], scratch = call.OwnFloats[valueDim..]" : "")}};
                {{(widens ? "Span<float> wideQ = scratch[..d], wideK = scratch.Slice(d, d), wideV = scratch.Slice(2 * d, valueDim);" : "")}}
                ReadOnlySpan<float> q = {{Row("Q", "head", "query")}};
                Span<float> output = call.O.Row<float>(batch, head, query);
                float max = float.NegativeInfinity, sum = 0;
                row.Clear();
                {{Indented(Choice(operation), 4)}}
                for (int key = visible.Begin; key < visible.End; key++)
                {
                    {{Indented(Score(operation, Row("K", "kvHead", "key")), 8)}}
                    float newMax = MathF.Max(max, score);
                    // Avoids −∞ − −∞ = NaN; the sums are zero before the first finite score.
                    float rescale = max == newMax ? 1 : MathF.Exp(max - newMax), weight = MathF.Exp(score - newMax);
                    max = newMax;
                    sum = sum * rescale + weight;
                    ReadOnlySpan<float> v = {{(isLinformer ? "scratch.Slice(Length * d + key * valueDim, valueDim)" : Row("V", "kvHead", "key"))}};
                    for (int c = 0; c < valueDim; c++)
                        row[c] = row[c] * rescale + weight * v[c];
                }
                {{Indented(End(operation), 4)}}
            }

            {{(widens ? Widen : isLinformer ? Project : operation is TopKAttention ? Choose : "")}}
            """);
    }

    private static string Constants(Operation operation) => operation switch
    {
        TopKAttention => $"private static readonly int count = {nameof(Operations)}.{nameof(Operations.TopK)}.{nameof(TopKAttention.Count)};\n",
        LinformerAttention => $"private static int Length => {nameof(Operations)}.{nameof(Operations.Linformer)}.{nameof(LinformerAttention.Length)};\n",
        _ => "",
    };

    private static string Choice(Operation operation) => operation is not TopKAttention ? "" : """
        // In float64, so that rounding does not change which scores are the largest; of equal ones the earlier key is kept.
        Span<double> scores = MemoryMarshal.Cast<float, double>(scratch)[..visible.Length];
        for (int i = 0; i < scores.Length; i++)
        {
            ReadOnlySpan<float> k = call.K.Row<float>(batch, kvHead, visible.Begin + i);
            double exact = 0;
            for (int c = 0; c < d; c++)
                exact += (double)q[c] * k[c];
            scores[i] = exact * problem.Scale;
        }
        (double least, int ties) = Choose(scores, MemoryMarshal.Cast<float, double>(scratch).Slice(scores.Length, scores.Length));
        """;

    private static string Score(Operation operation, string keyRow) => operation is TopKAttention
        ? """
            double exact = scores[key - visible.Begin];
            if (exact < least || (exact == least && ties-- <= 0))
                continue;
            float score = (float)exact;
            """
        : $"""
            ReadOnlySpan<float> k = {(operation is LinformerAttention ? "scratch.Slice(key * d, d)" : keyRow)};
            float score = 0;
            for (int c = 0; c < d; c++)
                score += q[c] * k[c];
            score *= problem.Scale;
            """ + (operation is SoftmaxAlibi ? "\nscore -= SoftmaxAlibi.Slope(head, problem.Heads) * SoftmaxAlibi.Distance(problem, query, key);" : "");

    private static string End(Operation operation) => operation is SoftmaxLse or SoftmaxStep
        ? (operation is SoftmaxStep ? "" : "output.Clear();\n") + "ref float lse = ref call.Lse.Row<float>(batch, head, query)[0];\n"
            + (operation is SoftmaxStep ? "" : "lse = float.NegativeInfinity;\n") + """
            if (visible.IsEmpty)
                return;
            // Attention over earlier keys counts as one more key of score lse and value o.
            float largest = MathF.Max(max, lse), own = MathF.Exp(max - largest);
            float before = float.IsNegativeInfinity(lse) ? 0 : MathF.Exp(lse - largest), total = before + own * sum;
            for (int c = 0; c < valueDim; c++)
                output[c] = (output[c] * before + row[c] * own) / total;
            lse = largest + MathF.Log(total);
            """
        : """
            for (int c = 0; c < valueDim; c++)
                output[c] = visible.IsEmpty ? 0 : row[c] / sum;
            """;

    private const string Widen = """
        private static unsafe ReadOnlySpan<float> Widen(in Tensor tensor, int batch, int head, int token, Span<float> row)
        {
            tensor.Operand.Element.Widen(tensor.At<ushort>(batch, head, token), row);
            return row;
        }
        """;

    private const string Choose = """
        /// <summary>The smallest score that is kept, and how many of that score are.</summary>
        private static (double Least, int Ties) Choose(ReadOnlySpan<double> scores, Span<double> sorted)
        {
            if (scores.IsEmpty)
                return default;
            scores.CopyTo(sorted);
            sorted.Sort();
            double least = sorted[Math.Max(0, sorted.Length - count)];
            int above = 0;
            foreach (double score in scores)
                above += score > least ? 1 : 0;
            return (least, count - above);
        }
        """;

    private const string Project = """
        /// <summary>Mixes the keys and values of a head down to [length, headDim] and [length, valueDim], which all its queries read.</summary>
        private static void Project(in AttentionCall call, int batch, int kvHead)
        {
            int d = call.Problem.HeadDim, valueDim = call.Problem.ValueDim;
            Span<float> scratch = call.OwnFloats[valueDim..], keys = scratch[..(Length * d)], values = scratch.Slice(Length * d, Length * valueDim);
            Span<double> sums = MemoryMarshal.Cast<float, double>(scratch[(keys.Length + values.Length)..])[..(d + valueDim)];
            for (int row = 0; row < Length; row++)
            {
                sums.Clear();
                for (int key = 0; key < call.Problem.Keys; key++)
                {
                    double entry = Operations.Linformer.IsNegative(row, key) ? -Operations.Linformer.Entry : Operations.Linformer.Entry;
                    ReadOnlySpan<float> k = call.K.Row<float>(batch, kvHead, key), v = call.V.Row<float>(batch, kvHead, key);
                    for (int c = 0; c < d; c++)
                        sums[c] += entry * k[c];
                    for (int c = 0; c < valueDim; c++)
                        sums[d + c] += entry * v[c];
                }
                for (int c = 0; c < d; c++)
                    keys[row * d + c] = (float)sums[c];
                for (int c = 0; c < valueDim; c++)
                    values[row * valueDim + c] = (float)sums[d + c];
            }
        }
        """;
}
