using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Measurement.WrongTimings;

/// <summary>
/// Scalar attention with a cheat: it is right wherever the gate looks, and its time is not that of the work. Without a cheat it keeps its
/// figure.
/// </summary>
/// <param name="name">Its name, such as <c>keeps-by-content</c>.</param>
/// <param name="cheat">What it does, in one line.</param>
/// <param name="expected">The reason for which it must lose its figure; null for none.</param>
/// <param name="head">Computes one head, by computing it or otherwise.</param>
internal sealed class WrongTiming(string name, string cheat, TimingFault? expected, Action<WrongTiming.Head> head) : AttentionKernel
{
    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new($"wrong-time-{name}", cheat, Operations.Softmax);

    /// <summary>The reason for which it must lose its figure.</summary>
    public TimingFault? Expected => expected;

    /// <summary>Why this machine cannot try it; null when it can.</summary>
    public string? Untried { get; init; }

    /// <inheritdoc/>
    public override string? Unavailable => Untried;

    /// <inheritdoc/>
    protected override Plan PlanFor(AttentionProblem problem) => new(problem.Batch * problem.Heads);

    /// <inheritdoc/>
    protected override unsafe void Compute(in AttentionCall call, int stage, int item)
    {
        (int batch, int index) = Math.DivRem(item, call.Problem.Heads);
        int kvHead = call.Problem.KvHead(index);
        head(new Head(
            call.Problem, item, call.Q.At<float>(batch, index), call.K.At<float>(batch, kvHead), call.V.At<float>(batch, kvHead),
            call.O.At<float>(batch, index)));
    }

    /// <summary>One head of a call; it may be kept, and computed on another thread.</summary>
    internal sealed unsafe class Head(AttentionProblem problem, int index, float* q, float* k, float* v, float* o)
    {
        public AttentionProblem Problem => problem;

        /// <summary>Its number, counted through all batches.</summary>
        public int Index => index;

        public ReadOnlySpan<float> Q => new(q, problem.Queries * problem.HeadDim);

        public ReadOnlySpan<float> K => new(k, problem.Keys * problem.HeadDim);

        public ReadOnlySpan<float> V => new(v, problem.Keys * problem.HeadDim);

        public Span<float> O => new(o, problem.Queries * problem.HeadDim);

        /// <summary>Computes every row.</summary>
        public void Compute() => Compute(problem.Queries);

        /// <summary>Computes the first rows; the others become zeros.</summary>
        public void Compute(int rows)
        {
            int d = problem.HeadDim;
            O.Clear();
            for (int query = 0; query < rows; query++)
            {
                KeyRange visible = problem.VisibleKeys(query);
                Span<float> row = O.Slice(query * d, d);
                float max = float.NegativeInfinity, sum = 0;
                for (int key = visible.Begin; key < visible.End; key++)
                    max = MathF.Max(max, Score(query, key));
                for (int key = visible.Begin; key < visible.End; key++)
                {
                    float weight = MathF.Exp(Score(query, key) - max);
                    sum += weight;
                    for (int c = 0; c < d; c++)
                        row[c] += weight * v[key * d + c];
                }
                for (int c = 0; c < d && !visible.IsEmpty; c++)
                    row[c] /= sum;
            }
        }

        private float Score(int query, int key)
        {
            int d = problem.HeadDim;
            float sum = 0;
            for (int c = 0; c < d; c++)
                sum += q[query * d + c] * k[key * d + c];
            return sum * problem.Scale;
        }
    }
}
