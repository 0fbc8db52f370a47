namespace Kernels.NativePeers.Protocol;

/// <summary>
/// Sizes, scale and mask. Operators ask what a mask shows rather than what it is called: a causal one hides nothing from a single last
/// query, and where its diagonal begins makes no difference in a square.
/// </summary>
internal sealed record Problem(
    int Batch, int Heads, int KvHeads, int Queries, int Keys, int HeadDim, int ValueDim, int QueryStart, int KeyStart, float Scale,
    string Mask, int? Left, int? Right)
{
    /// <summary>Whether the mask is one that this program knows; sparse patterns it does not.</summary>
    public bool IsMaskKnown => Mask is "full" or "causal" or "causal-topleft" or "window";

    /// <summary>Whether every query sees every key.</summary>
    public bool ShowsAll => Shows(_ => (0, Keys));

    /// <summary>Whether query i sees the keys up to i.</summary>
    public bool IsCausalFromFirstKey => Shows(query => (0, Math.Min(query + 1, Keys)));

    /// <summary>Whether the last query sees all keys, and each query before it one key less.</summary>
    public bool IsCausalToLastKey => Shows(query => (0, Math.Max(0, Keys - Queries + query + 1)));

    /// <summary>The keys that a query sees; an empty range begins and ends at 0.</summary>
    /// <exception cref="RequestException">The mask is unknown.</exception>
    public (int Begin, int End) VisibleKeys(int query)
    {
        long position = (long)query + QueryStart - KeyStart;
        (long begin, long end) = Mask switch
        {
            "full" => (0, Keys),
            "causal" => (0, position + 1),
            "causal-topleft" => (0, (long)query - KeyStart + 1),
            "window" => (position - Left!.Value, position + Right!.Value + 1),
            _ => throw new RequestException($"the mask {Mask} is unknown"),
        };
        begin = Math.Max(begin, 0);
        end = Math.Min(end, Keys);
        return begin < end ? ((int)begin, (int)end) : (0, 0);
    }

    /// <summary>Requires sizes that tensors can have.</summary>
    /// <exception cref="RequestException">One is not positive, heads do not divide, or a window has no sides.</exception>
    public void RequireSizes()
    {
        if (new[] { Batch, Heads, KvHeads, Queries, Keys, HeadDim, ValueDim }.Any(size => size < 1))
            throw new RequestException("a size of the problem is not positive");
        if (Heads % KvHeads != 0)
            throw new RequestException("heads is no multiple of kvHeads");
        if (Mask is null || Mask == "window" && (Left is not >= 0 || Right is not >= 0))
            throw new RequestException("the mask, or a side of its window, is missing");
    }

    private bool Shows(Func<int, (int, int)> keys)
    {
        if (!IsMaskKnown)
            return false;
        for (int query = 0; query < Queries; query++)
        {
            if (VisibleKeys(query) != keys(query))
                return false;
        }
        return true;
    }
}
