namespace Kernels.Abstractions;

/// <summary>The tokens Begin, Begin + Step, Begin + 2·Step …, <see cref="Count"/> of them.</summary>
/// <param name="Begin">The first token.</param>
/// <param name="Step">Distance from one token to the next, at least 1.</param>
/// <param name="Count">Number of tokens, at least 0.</param>
public readonly record struct TokenRun(int Begin, int Step, int Count)
{
    /// <summary>The last token of a run that is not empty.</summary>
    public int Last => Begin + (Count - 1) * Step;

    /// <summary>The token with this number in the run.</summary>
    public int this[int index] => Begin + index * Step;

    /// <summary>All tokens <c>begin ≤ token &lt; end</c>; none when the end is not after the beginning.</summary>
    public static TokenRun Range(int begin, int end) => new(begin, 1, Math.Max(0, end - begin));

    /// <summary>The tokens <c>begin, begin + step … &lt; end</c>.</summary>
    public static TokenRun Stepped(int begin, int end, int step) => new(begin, step, end <= begin ? 0 : (end - begin - 1) / step + 1);

    /// <summary>The tokens with the numbers of <paramref name="indices"/>.</summary>
    public TokenRun Slice(KeyRange indices) => new(this[indices.Begin], Step, indices.Length);
}
