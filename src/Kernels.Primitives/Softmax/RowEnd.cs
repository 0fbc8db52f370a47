using System.Runtime.CompilerServices;

namespace Kernels.Primitives.Softmax;

/// <summary>
/// The end of a row of an online softmax. While keys are visited, a row has a lazy reference r, a sum s of weights f·2^((score − r)·scale)
/// and the sum of values with these weights; at the end that sum is divided by s and, for a step, joined to the old output. Flash tiles,
/// decoding and sparse tiles end their rows here.
/// </summary>
/// <param name="scale">Factor of the scores, in units of log₂ e, positive.</param>
/// <param name="weightFactor">The factor f of all weights, which is taken out of the log-sum-exp.</param>
/// <param name="joins">Whether o and lse hold attention over other keys, to which the row is joined.</param>
public readonly unsafe struct RowEnd(float scale, float weightFactor, bool joins)
{
    private const double Ln2 = 0.693147180559945309;

    /// <summary>Ends a row that saw a key.</summary>
    /// <param name="reference">r.</param>
    /// <param name="sum">s, positive.</param>
    /// <param name="lse">Receives the natural log-sum-exp of the row; null where the operation has none.</param>
    /// <returns>The factor of the sum of weighted values, and that of the old output; 0 when there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (float Share, float Before) Close(float reference, float sum, float* lse) =>
        lse is null ? (1 / sum, 0) : CloseWithSum(reference, sum, lse);

    /// <summary>Ends a row that sees no key. Returns whether the output becomes zeros; in a step it is left as it is.</summary>
    public bool CloseUnseen(float* lse)
    {
        if (lse is not null && !joins)
            *lse = float.NegativeInfinity;
        return !joins;
    }

    // Not inlined, so that rows without a log-sum-exp do not save and restore registers for the calls of the logarithm.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private (float Share, float Before) CloseWithSum(float reference, float sum, float* lse)
    {
        double own = (reference * (double)scale + Math.Log2((double)sum / weightFactor)) * Ln2;
        if (!joins || float.IsNegativeInfinity(*lse))
        {
            *lse = (float)own;
            return (1 / sum, 0);
        }
        double before = *lse, largest = Math.Max(own, before);
        double ownWeight = Math.Exp(own - largest), weightBefore = Math.Exp(before - largest), total = ownWeight + weightBefore;
        *lse = (float)(largest + Math.Log(total));
        // Not 0, even for a tiny weight: the old output may be infinite.
        return ((float)(ownWeight / total / sum), Math.Max(float.Epsilon, (float)(weightBefore / total)));
    }
}
