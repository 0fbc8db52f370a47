using System.Numerics;

namespace Kernels.Abstractions;

/// <summary>
/// Softmax attention with linear biases (ALiBi): softmax(QKᵀ·scale − m_h·|i − j| + mask)·V, where i and j are the positions of query and key and m_h is
/// the slope of the query's head. Press, Smith and Lewis 2022, Train Short, Test Long, section 3, where causal masks leave only j ≤ i; with keys after
/// the query the distance is absolute, as in encoders with ALiBi. The same number added to all scores of a row changes nothing, so positions that move
/// together give the same output.
/// </summary>
public sealed record SoftmaxAlibi : SoftmaxAttention
{
    // The slopes of 2ⁿ heads go down to 2⁻⁸.
    private const double LastExponent = -8;

    /// <inheritdoc/>
    public override string Name => "softmax-alibi";

    /// <inheritdoc/>
    /// <remarks>The bias counts as no operation, like scale and mask: it is no matrix product.</remarks>
    public override string Formula => "softmax(QKᵀ·scale − m·|i − j| + mask)·V, i and j positions, m = 2^(−8(h+1)/H) for head h of H a power of two";

    /// <summary>
    /// The slope of a query head, positive, in float32. Of H = 2ⁿ heads they are the geometric sequence 2^(−8(h+1)/H). Of other numbers, as in the
    /// authors' program (get_slopes of github.com/ofirpress/attention_with_linear_biases): those of the next lower power of two P, then every other one,
    /// the first included, of 2P heads.
    /// </summary>
    /// <param name="head">The head, 0 … <paramref name="heads"/> − 1.</param>
    /// <param name="heads">Query heads of the problem.</param>
    public static float Slope(int head, int heads)
    {
        int power = 1 << BitOperations.Log2((uint)heads);
        return (float)Math.Pow(2, head < power ? LastExponent * (head + 1) / power : LastExponent * (2 * (head - power) + 1) / (2 * power));
    }

    /// <summary>|i − j| of a query and a key.</summary>
    public static int Distance(AttentionProblem problem, int query, int key) => Math.Abs(problem.QueryStart + query - (problem.KeyStart + key));
}
