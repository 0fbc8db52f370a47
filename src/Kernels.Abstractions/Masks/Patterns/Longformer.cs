using System.Globalization;

namespace Kernels.Abstractions;

/// <summary>
/// Longformer (Beltagy et al. 2020), section 3.1: a sliding window, and global tokens at the beginning of the sequence that see every token
/// and that every token sees. One set of projections for both.
/// </summary>
public sealed record Longformer : AttentionMask
{
    /// <summary>Creates the pattern.</summary>
    /// <param name="side">Keys seen before and after each query.</param>
    /// <param name="global">Global tokens.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative.</exception>
    public Longformer(int side, int global)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(side);
        ArgumentOutOfRangeException.ThrowIfNegative(global);
        (Side, Global) = (side, global);
    }

    /// <summary>Parses the name: the window counts both sides.</summary>
    public static MaskForm Form { get; } = new(
        "longformer512-g16", "longformer8-g2", "longformer(?<window>[0-9]+)-g(?<global>[0-9]+)",
        numbers => numbers.AtLeast("window", 2, "window") % 2 == 0
            ? new Longformer(numbers.AtLeast("window", 2, "window") / 2, numbers.AtLeast("global", 0, "number of global tokens"))
            : throw numbers.Error("the window counts both sides, and must be even"));

    /// <summary>Keys seen on each side of a query.</summary>
    public int Side { get; }

    /// <summary>Global tokens.</summary>
    public int Global { get; }

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"longformer{2L * Side}-g{Global}");

    /// <inheritdoc/>
    public override bool IsContiguous => false;

    /// <inheritdoc/>
    public override int Span => Math.Max(Side, Global);

    /// <inheritdoc/>
    public override int Count(in MaskedHead head, int query, int key)
    {
        long position = (long)query + head.Offset;
        return key < Global || (position >= 0 && position < Global) || Math.Abs(key - position) <= Side ? 1 : 0;
    }

    /// <inheritdoc/>
    public override PatternPart Part(int index) => GlobalPart.Instance;

    /// <summary>Groups: rows before the first key, global rows, the others. Runs: the global keys, then the rest of the window.</summary>
    private sealed record GlobalPart : PatternPart
    {
        private const int GlobalRows = 1;

        public static GlobalPart Instance { get; } = new();

        public override int Groups(in MaskedHead head) => 3;

        public override int MostRows(in MaskedHead head) => head.Queries;

        public override bool HasEveryRow(in MaskedHead head) => true;

        public override TokenRun Rows(in MaskedHead head, int group) => group switch
        {
            0 => head.QueriesAt(Math.Min(0, head.Offset), 0),
            GlobalRows => head.QueriesAt(0, Globals(head)),
            _ => head.QueriesAt(Globals(head), head.Keys),
        };

        public override int Group(in MaskedHead head, int query)
        {
            int position = query + head.Offset;
            return position < 0 ? 0 : position < Globals(head) ? GlobalRows : 2;
        }

        public override bool TryNext(in MaskedHead head, int group, TokenRun rows, ref int cursor, out TokenRun keys, out bool covered)
        {
            if (cursor == 0)
            {
                cursor = 1;
                covered = true;
                keys = TokenRun.Range(0, group == GlobalRows ? head.Keys : Globals(head));
                if (keys.Count > 0)
                    return true;
            }
            covered = false;
            KeyRange first = Window(head, rows.Begin), last = Window(head, rows.Last);
            keys = TokenRun.Range(first.Begin, last.End);
            return cursor++ == 1 && group != GlobalRows && keys.Count > 0;
        }

        public override KeyRange Seen(in MaskedHead head, int query, TokenRun keys)
        {
            KeyRange window = Window(head, query);
            return window.IsEmpty ? default : new(window.Begin - keys.Begin, window.End - keys.Begin);
        }

        private static int Globals(in MaskedHead head) => Math.Min(((Longformer)head.Mask).Global, head.Keys);

        private static KeyRange Window(in MaskedHead head, int query)
        {
            long position = (long)query + head.Offset, side = ((Longformer)head.Mask).Side;
            return new((int)Math.Clamp(position - side, Globals(head), head.Keys), (int)Math.Clamp(position + side + 1, 0, head.Keys));
        }
    }
}
