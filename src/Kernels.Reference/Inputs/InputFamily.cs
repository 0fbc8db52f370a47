namespace Kernels.Reference;

/// <summary>Distribution of the inputs. No single family exposes every error.</summary>
public enum InputFamily
{
    /// <summary>q, k and v from N(0, 1): the weights are spread over many keys.</summary>
    Normal,

    /// <summary>q and k with standard deviation 3, so that few keys have large weights; v from N(0, 1).</summary>
    Peaked,

    /// <summary>
    /// One wave over the channels, shared by all queries and keys, in phase for most keys and in antiphase for the rest: logits of
    /// hundreds of both signs, where exp without the maximum overflows (the "sequence bias" and "resonance" of PASA, Cheng et al. 2025).
    /// </summary>
    Resonance,

    /// <summary>N(0, 1) with a few channels 20 times as large in q and k, and 1000 times in v, as in language models.</summary>
    Outliers,

    /// <summary>Values of about ±100 that cancel between neighbouring keys and leave a remainder of about 1.</summary>
    Cancelling,

    /// <summary>Every row of q, k and v has the same number in all its channels, and keys repeat in runs, so that scores tie.</summary>
    Constant,

    /// <summary>Every query gives one key practically all the weight: the output is known to be that key's value.</summary>
    OneHot,

    /// <summary>
    /// The wave of <see cref="Resonance"/>, from antiphase at the first key to phase at the last: the score of each key exceeds those
    /// before it, up to a logit of hundreds, so that a maximum that is not updated overflows.
    /// </summary>
    Climbing,

    /// <summary>Values of about 10³⁰, which any sum of weighted values in float32 must hold, divided by its weights at the end or not.</summary>
    LargeValues,

    /// <summary>
    /// Values of about 10³⁴, and scores that climb by 11 from the first key to the last: sums with weights above 1, such as those relative
    /// to a maximum of earlier keys, overflow where the output does not.
    /// </summary>
    HugeValues,

    /// <summary>
    /// Many keys with a weight of 4·10⁻⁸ each, and the last with 1: nobody sees the others one by one, but a kernel must not leave them out.
    /// </summary>
    Faint,

    /// <summary>One key with a score of 10³⁰, the others with −10³⁰: a square or a difference of them must not become infinite.</summary>
    HugeScores,

    /// <summary>What a trained model attends with, where one was fetched: see <see cref="CapturedHeads"/>.</summary>
    Captured,
}
