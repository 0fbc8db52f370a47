using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>Fills q, k and v from a seed, and reads them head by head.</summary>
public static class AttentionInputs
{
    /// <summary>Creates q, k and v from a seed; equal arguments give equal numbers.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="family">Their distribution.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="captured">The source of <see cref="InputFamily.Captured"/>; null where there is none.</param>
    /// <exception cref="InvalidOperationException">The family has no source.</exception>
    public static Inputs Create(AttentionProblem problem, InputFamily family, int seed, Lazy<CapturedHeads>? captured = null)
    {
        var inputs = new Inputs(problem, Operations.Softmax.Operands(problem, Format.Float32));
        Fill(inputs, problem, family, seed, captured);
        return inputs;
    }

    /// <summary>Copies a user's own q, k and v, in head-major order.</summary>
    /// <exception cref="ArgumentException">A tensor has the wrong length.</exception>
    public static Inputs From(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v) => Inputs.From(
        problem, Operations.Softmax.Operands(problem, Format.Float32),
        new Dictionary<string, float[]> { ["q"] = q.ToArray(), ["k"] = k.ToArray(), ["v"] = v.ToArray() });

    /// <summary>q [queries, headDim] of a head; heads are counted through all batches.</summary>
    public static ReadOnlySpan<float> HeadQ(this Inputs inputs, int headIndex) => inputs.Head("q", headIndex);

    /// <summary>k [keys, headDim] that serves a head.</summary>
    public static ReadOnlySpan<float> HeadK(this Inputs inputs, int headIndex) => inputs.Head("k", KvIndex(inputs, headIndex));

    /// <summary>v [keys, valueDim] that serves a head.</summary>
    public static ReadOnlySpan<float> HeadV(this Inputs inputs, int headIndex) => inputs.Head("v", KvIndex(inputs, headIndex));

    /// <summary>The kv head that serves a head, both counted through all batches.</summary>
    public static int KvIndex(this Inputs inputs, int headIndex)
    {
        var problem = (AttentionProblem)inputs.Problem;
        (int batch, int head) = Math.DivRem(headIndex, problem.Heads);
        return batch * problem.KvHeads + problem.KvHead(head);
    }

    /// <summary>Fills q, k and v.</summary>
    internal static unsafe void Fill(Inputs inputs, AttentionProblem problem, InputFamily family, int seed, Lazy<CapturedHeads>? captured)
    {
        if (family == InputFamily.Captured)
        {
            (captured?.Value ?? throw new InvalidOperationException("There are no captured inputs.")).Fill(inputs, problem, seed);
            inputs.AreCaptured = true;
            return;
        }
        // Every head of a tensor has its own random stream, so they can be filled in any order.
        int keyHeads = problem.Batch * problem.KvHeads;
        int keys = problem.Keys * problem.HeadDim, values = problem.Keys * problem.ValueDim, queries = problem.Queries * problem.HeadDim;
        InputGenerator Generator(int batch, int kvHead) => new(problem, family, seed, batch, kvHead);
        Parallel.For(0, 2 * keyHeads + problem.Batch * problem.Heads, part =>
        {
            if (part < 2 * keyHeads)
            {
                int index = part % keyHeads;
                (int batch, int kvHead) = Math.DivRem(index, problem.KvHeads);
                if (part < keyHeads)
                    Generator(batch, kvHead).FillKeys(inputs["k"].Slice(index * keys, keys));
                else
                    Generator(batch, kvHead).FillValues(inputs["v"].Slice(index * values, values));
            }
            else
            {
                int index = part - 2 * keyHeads;
                (int batch, int head) = Math.DivRem(index, problem.Heads);
                Generator(batch, problem.KvHead(head)).FillQueries(inputs["q"].Slice(index * queries, queries), index);
            }
        });
        if (family == InputFamily.OneHot)
            PointAtOneKey(inputs, problem, seed);
    }

    private static void PointAtOneKey(Inputs inputs, AttentionProblem problem, int seed)
    {
        var code = new OneHotInputs(problem);
        int[] targets = code.ChooseKeys(seed);
        int keyBlock = problem.Keys * problem.HeadDim, queryBlock = problem.Queries * problem.HeadDim;
        for (int index = 0; index < problem.Batch * problem.KvHeads; index++)
            code.FillKeys(inputs["k"].Slice(index * keyBlock, keyBlock), index);
        for (int index = 0; index < problem.Batch * problem.Heads; index++)
        {
            (int batch, int head) = Math.DivRem(index, problem.Heads);
            code.FillQueries(
                targets.AsSpan(index * problem.Queries, problem.Queries), inputs["q"].Slice(index * queryBlock, queryBlock),
                head, batch * problem.KvHeads + problem.KvHead(head));
        }
        inputs.OneHotKeys = code.HasClosedForm(inputs.Element) ? targets : null;
    }
}
