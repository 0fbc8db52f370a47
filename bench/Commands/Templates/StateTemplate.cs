using Kernels.Abstractions;
using static Kernels.Bench.Commands.Templates.KernelTemplate;

namespace Kernels.Bench.Commands.Templates;

/// <summary>A kernel of linear attention: each key adds its features times its value to a state, and each query reads it.</summary>
internal static class StateTemplate
{
    /// <summary>What the class does, and its members after the description.</summary>
    public static (string Summary, string Members) For(Operation operation)
    {
        bool divides = operation is LinearEluAttention or FavorAttention, isFavor = operation is FavorAttention;
        string features = isFavor ? "Operations.Favor.Features" : "problem.HeadDim";
        // A column for the sum of the features, where the output is divided by it; then scratch for a row and for features.
        string width = divides ? "problem.ValueDim + 1" : "problem.ValueDim", scratch = isFavor ? "2" : "1";
        return ("A state that grows key by key, summed in float64", $$"""
            /// <inheritdoc/>
            protected override Takes Takes => Takes.ValueDim | Takes.Strides;

            /// <inheritdoc/>
            // One work item for each head, in any order; for each thread the state [features, width], a row, and the features of a token.
            protected override Plan PlanFor(AttentionProblem problem) => problem.Mask is FullMask or CausalMask
                ? new(problem.Batch * problem.Heads)
                {
                    ThreadBytes = sizeof(double) * (Width(problem) * (Features(problem) + 1L) + {{scratch}} * Features(problem)),
                }
                : Refuse($"a state cannot forget keys that leave {problem.Mask}; it takes full and causal masks");

            private static int Features(AttentionProblem problem) => {{features}};

            private static int Width(AttentionProblem problem) => {{width}};

            /// <inheritdoc/>
            protected override void Compute(in AttentionCall call, int stage, int item)
            {
                AttentionProblem problem = call.Problem;
                (int batch, int head) = Math.DivRem(item, problem.Heads);
                int count = Features(problem), width = Width(problem), kvHead = problem.KvHead(head), seen = 0;
                Span<double> scratch = MemoryMarshal.Cast<float, double>(call.OwnFloats), state = scratch[..(count * width)];
                Span<double> row = scratch.Slice(state.Length, width), features = scratch.Slice(state.Length + width, count);
                state.Clear();
                {{(isFavor ? Indented("Span<double> max = scratch[^count..];\nmax.Fill(double.NegativeInfinity);", 4) : "")}}
                for (int query = 0; query < problem.Queries; query++)
                {
                    for (; seen < problem.VisibleKeys(query).End; seen++)
                    {
                        ReadOnlySpan<float> k = call.K.Row<float>(batch, kvHead, seen), v = call.V.Row<float>(batch, kvHead, seen);
                        {{Indented(OfKey(operation), 12)}}
                        for (int i = 0; i < count; i++)
                        {
                            Span<double> stateRow = state.Slice(i * width, width);
                            for (int c = 0; c < v.Length; c++)
                                {{Update(operation)}}
                            {{(divides ? "stateRow[v.Length] += features[i];" : "")}}
                        }
                    }
                    {{Indented(OfQuery(operation), 8)}}
                    Read(features, state, row);
                    Span<float> output = call.O.Row<float>(batch, head, query);
                    for (int c = 0; c < output.Length; c++)
                        output[c] = seen == 0 ? 0 : (float){{Output(operation)}};
                }
            }

            /// <summary>row = features · state.</summary>
            private static void Read(ReadOnlySpan<double> features, ReadOnlySpan<double> state, Span<double> row)
            {
                row.Clear();
                for (int i = 0; i < features.Length; i++)
                    for (int c = 0; c < row.Length; c++)
                        row[c] += features[i] * state[i * row.Length + c];
            }

            {{Token(operation)}}
            """);
    }

    private static string OfKey(Operation operation) => operation switch
    {
        DeltaAttention => "Token(k, features);\nRead(features, state, row);",
        RetentionAttention => "Token(k, features);\ndouble decay = Operations.Retention.Decay(kvHead);",
        FavorAttention => """
            double squares = 0;
            foreach (float number in k)
                squares += (double)number * number;
            Token(k, Math.Sqrt(Math.Abs(problem.Scale)), features);
            for (int i = 0; i < count; i++)
            {
                // Relative to the largest exponent of the feature so far, as in an online softmax, against overflow.
                double exponent = features[i] - Math.Abs(problem.Scale) * squares / 2, newMax = Math.Max(max[i], exponent), shrink = Math.Exp(max[i] - newMax);
                if (shrink != 1)
                    foreach (ref double number in state.Slice(i * width, width))
                        number *= shrink;
                max[i] = newMax;
                features[i] = Math.Exp(exponent - newMax);
            }
            """,
        _ => "Token(k, features);",
    };

    private static string Update(Operation operation) => operation switch
    {
        DeltaAttention => "stateRow[c] += features[i] * (v[c] - row[c]);",
        RetentionAttention => "stateRow[c] = decay * stateRow[c] + features[i] * v[c];",
        _ => "stateRow[c] += features[i] * v[c];",
    };

    private static string OfQuery(Operation operation) => operation is not FavorAttention ? "Token(call.Q.Row<float>(batch, head, query), features);" : """
        Token(call.Q.Row<float>(batch, head, query), Math.Sign(problem.Scale) * Math.Sqrt(Math.Abs(problem.Scale)), features);
        double top = double.NegativeInfinity;
        for (int i = 0; i < count; i++)
            top = Math.Max(top, features[i] += max[i]);
        for (int i = 0; i < count; i++)
            features[i] = Math.Exp(features[i] - top);
        """;

    private static string Output(Operation operation) => operation switch
    {
        RetentionAttention => "(problem.Scale * row[c])",
        DeltaAttention => "row[c]",
        _ => "(row[c] / row[^1])",
    };

    private static string Token(Operation operation) => operation switch
    {
        RetentionAttention => """
            /// <summary>The features of a query or key: the numbers themselves.</summary>
            private static void Token(ReadOnlySpan<float> x, Span<double> features)
            {
                for (int i = 0; i < x.Length; i++)
                    features[i] = x[i];
            }
            """,
        DeltaAttention => """
            /// <summary>The features of a query or key: x/|x|, and zeros for zeros.</summary>
            private static void Token(ReadOnlySpan<float> x, Span<double> features)
            {
                double squares = 0;
                foreach (float number in x)
                    squares += (double)number * number;
                for (int i = 0; i < x.Length; i++)
                    features[i] = squares == 0 ? 0 : x[i] / Math.Sqrt(squares);
            }
            """,
        FavorAttention => """
            /// <summary>Products of factor·x with every direction.</summary>
            private static void Token(ReadOnlySpan<float> x, double factor, Span<double> products)
            {
                ReadOnlySpan<float> directions = Operations.Favor.Directions(x.Length);
                products.Clear();
                for (int channel = 0; channel < x.Length; channel++)
                    for (int i = 0; i < products.Length; i++)
                        products[i] += factor * x[channel] * directions[channel * products.Length + i];
            }
            """,
        _ => """
            /// <summary>The features of a query or key: elu(x) + 1.</summary>
            private static void Token(ReadOnlySpan<float> x, Span<double> features)
            {
                for (int i = 0; i < x.Length; i++)
                    features[i] = x[i] > 0 ? x[i] + 1.0 : Math.Exp(x[i]);
            }
            """,
    };
}
