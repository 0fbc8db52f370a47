using Kernels.Abstractions;

namespace Kernels.Bench.Commands;

/// <summary>Templates of <c>new</c>.</summary>
internal static class KernelTemplate
{
    /// <summary>Whether a kernel can be written for an operation.</summary>
    public static bool Knows(Operation operation) => operation is SoftmaxAttention;

    /// <summary>The project of a library that refers to the assemblies of this program.</summary>
    public static string Project(string program) =>
        $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
            <Optimize>true</Optimize>
          </PropertyGroup>
          <ItemGroup>
            <Reference Include="Kernels.Abstractions" HintPath="{Path.Combine(program, "Kernels.Abstractions.dll")}" Private="false" />
          </ItemGroup>
        </Project>

        """;

    /// <summary>The file of a kernel.</summary>
    public static string Text(string name, string type, string space, KernelInfo before)
    {
        string operation = before.Operation switch
        {
            SoftmaxLse => "new SoftmaxLse()",
            SoftmaxStep => "new SoftmaxStep()",
            _ => "Operations.Softmax",
        };
        bool hasLse = before.Operation is SoftmaxLse or SoftmaxStep, goesOn = before.Operation is SoftmaxStep;
        string end = !hasLse ? "for (int c = 0; c < output.Length; c++)\n    output[c] = visible.IsEmpty ? 0 : row[c] / sum;"
            : (goesOn ? "" : "output.Clear();\n") + """
                ref float lse = ref call.Lse.Row<float>(batch, head, query)[0];
                """ + (goesOn ? "" : "\nlse = float.NegativeInfinity;") + """

                if (visible.IsEmpty)
                    return;
                // Attention over earlier keys counts as one more key of score lse and value o.
                float largest = MathF.Max(max, lse), own = MathF.Exp(max - largest);
                float before = float.IsNegativeInfinity(lse) ? 0 : MathF.Exp(lse - largest), total = before + own * sum;
                for (int c = 0; c < output.Length; c++)
                    output[c] = (output[c] * before + row[c] * own) / total;
                lse = largest + MathF.Log(total);
                """;
        return $$"""
            using System;
            using Kernels.Abstractions;

            namespace {{space}};

            /// <summary>Running maximum and sum, one query at a time: replace it with your idea.</summary>
            public sealed class {{type}} : AttentionKernel
            {
                /// <inheritdoc/>
                public override KernelInfo Info { get; } = new("{{name}}", "your idea in a line", {{operation}})
                {
                    BuildsOn = "{{before.Name}}",
                };

                /// <inheritdoc/>
                protected override Takes Takes => Takes.ValueDim | Takes.Strides;

                /// <inheritdoc/>
                // One work item for each head, in any order; a row of floats for each thread.
                protected override Plan PlanFor(AttentionProblem problem) =>
                    new(problem.Batch * problem.Heads) { ThreadBytes = sizeof(float) * problem.ValueDim };

                /// <inheritdoc/>
                protected override void Compute(in AttentionCall call, int stage, int item)
                {
                    (int batch, int head) = Math.DivRem(item, call.Problem.Heads);
                    for (int query = 0; query < call.Problem.Queries; query++)
                        ComputeRow(call, batch, head, query);
                }

                private static void ComputeRow(in AttentionCall call, int batch, int head, int query)
                {
                    AttentionProblem problem = call.Problem;
                    KeyRange visible = problem.VisibleKeys(query);
                    int kvHead = problem.KvHead(head);
                    ReadOnlySpan<float> q = call.Q.Row<float>(batch, head, query);
                    Span<float> output = call.O.Row<float>(batch, head, query), row = call.OwnFloats;
                    float max = float.NegativeInfinity, sum = 0;
                    row.Clear();
                    for (int key = visible.Begin; key < visible.End; key++)
                    {
                        ReadOnlySpan<float> k = call.K.Row<float>(batch, kvHead, key), v = call.V.Row<float>(batch, kvHead, key);
                        float score = 0;
                        for (int c = 0; c < q.Length; c++)
                            score += q[c] * k[c];
                        score *= problem.Scale;
                        float newMax = MathF.Max(max, score);
                        // Avoids −∞ − −∞ = NaN; the sums are zero before the first finite score.
                        float rescale = max == newMax ? 1 : MathF.Exp(max - newMax), weight = MathF.Exp(score - newMax);
                        max = newMax;
                        sum = sum * rescale + weight;
                        for (int c = 0; c < row.Length; c++)
                            row[c] = row[c] * rescale + weight * v[c];
                    }
                    {{end.Replace("\n", "\n        ")}}
                }
            }

            """;
    }
}
