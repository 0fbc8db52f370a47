using Kernels.Abstractions;

namespace Kernels.Linear;

/// <summary>
/// Decoding with a state of fixed size: one token at a time, without a cache of keys and values. The results are bit-identical to those of
/// its kernel under a causal mask.
/// </summary>
public sealed class RecurrentDecoder
{
    private readonly RecurrentKernel kernel;
    private readonly AttentionProblem token;
    private readonly float[] state, row;

    /// <summary>Starts with an empty state.</summary>
    /// <param name="kernel">Updates and reads the state.</param>
    /// <param name="token">Batch, heads, kv heads, head dimension and scale of one token; one query and one key.</param>
    /// <exception cref="ArgumentException">More than one query or key.</exception>
    public RecurrentDecoder(RecurrentKernel kernel, AttentionProblem token)
    {
        if (token.Queries != 1 || token.Keys != 1)
            throw new ArgumentException($"A step takes one query and one key, not those of {token}.", nameof(token));
        this.kernel = kernel;
        this.token = token;
        state = new float[checked(token.Batch * token.KvHeads * kernel.StateLength(token))];
        row = new float[kernel.RowLength(token)];
    }

    /// <summary>Bytes of the state, independent of the number of tokens.</summary>
    public long StateBytes => sizeof(float) * (long)state.Length;

    /// <summary>Takes the next token.</summary>
    /// <param name="q">[batch, heads, headDim].</param>
    /// <param name="k">[batch, kvHeads, headDim].</param>
    /// <param name="v">[batch, kvHeads, headDim].</param>
    /// <param name="output">[batch, heads, headDim].</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public void Step(ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output)
    {
        if (q.Length != token.QueryLength || output.Length != token.QueryLength || k.Length != token.KeyLength || v.Length != token.KeyLength)
            throw new ArgumentException($"The spans do not have the lengths of {token}.");
        int d = token.HeadDim, group = token.Heads / token.KvHeads;
        for (int index = 0; index < token.Batch * token.KvHeads; index++)
        {
            Span<float> own = state.AsSpan(index * kernel.StateLength(token), kernel.StateLength(token));
            kernel.Add(token, index % token.KvHeads, k.Slice(index * d, d), v.Slice(index * d, d), own, row);
            for (int head = index * group; head < (index + 1) * group; head++)
                kernel.Read(token, q.Slice(head * d, d), own, output.Slice(head * d, d), row);
        }
    }
}
