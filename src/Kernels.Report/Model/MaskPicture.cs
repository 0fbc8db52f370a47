using Kernels.Abstractions;

namespace Kernels.Report.Model;

/// <summary>A mask as a small image: rows of queries from top to bottom, columns of keys from left to right, of its first head.</summary>
public sealed class MaskPicture
{
    /// <summary>Rows and columns of the image.</summary>
    public const int Cells = 32;

    private readonly double[,] shown = new double[Cells, Cells];

    /// <summary>Draws a mask on <see cref="AttentionMask.PictureTokens"/> tokens.</summary>
    public MaskPicture(AttentionMask mask)
    {
        Mask = mask;
        // Whole cells, so that all have the same number of pairs.
        Tokens = (int)Math.Min(MostTokens, (mask.PictureTokens + Cells - 1L) / Cells * Cells);
        var head = new MaskedHead(mask, 0, Tokens, Tokens);
        for (int part = 0; part < mask.Parts; part++)
            for (int query = 0; query < Tokens; query++)
                Add(head, mask.Part(part), query);
    }

    /// <summary>The mask.</summary>
    public AttentionMask Mask { get; }

    /// <summary>Queries, and keys.</summary>
    public int Tokens { get; }

    // Larger patterns are cut, because drawing visits every visible pair.
    private static int MostTokens => 8192;

    /// <summary>The share of a cell's pairs that are visible, 0 to 1.</summary>
    public double Share(int row, int column) => Math.Min(1, shown[row, column]);

    private void Add(in MaskedHead head, PatternPart part, int query)
    {
        int group = part.Group(head, query), cursor = 0, size = Tokens / Cells;
        while (group >= 0 && part.TryNext(head, group, TokenRun.Range(query, query + 1), ref cursor, out TokenRun keys, out bool covered))
        {
            KeyRange seen = covered ? new(0, keys.Count) : part.Seen(head, query, keys);
            for (int i = seen.Begin; i < seen.End; i++)
                shown[query / size, keys[i] / size] += 1.0 / ((double)size * size);
        }
    }
}
