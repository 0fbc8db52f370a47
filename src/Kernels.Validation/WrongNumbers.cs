using Kernels.Abstractions;

namespace Kernels.Validation;

/// <summary>The wrong numbers of an output, and which rows, heads and channels they are in.</summary>
internal sealed class WrongNumbers(Operand output)
{
    private readonly SortedSet<int> heads = [], rows = [], channels = [];

    /// <summary>The first of them; null when there is none.</summary>
    public Mismatch? First { get; private set; }

    /// <summary>The numbers in which two results differ bit for bit, all NaN being equal.</summary>
    public static WrongNumbers Between(Operand output, ReadOnlySpan<float> got, ReadOnlySpan<float> wanted)
    {
        var wrong = new WrongNumbers(output);
        for (int i = 0; i < got.Length; i++)
        {
            if (!Gate.SameNumbers(got.Slice(i, 1), wanted.Slice(i, 1)))
                wrong.Add(i, got[i], wanted[i]);
        }
        return wrong;
    }

    /// <summary>Adds one by its place in head-major order.</summary>
    public void Add(long place, double got, double wanted)
    {
        First ??= Mismatch.At(output, place, got, wanted);
        (long row, long channel) = Math.DivRem(place, output.Layout.Channels);
        channels.Add((int)channel);
        rows.Add((int)(row % output.Layout.Tokens));
        heads.Add((int)(row / output.Layout.Tokens));
    }

    /// <summary>Such as <c>every 6th row from row 5; all 4 heads; channels from 64 on</c>; heads are counted through all batches.</summary>
    public override string ToString() => string.Join("; ",
        PlacePattern.Of(rows, output.Layout.Tokens, "row"),
        PlacePattern.Of(heads, output.Layout.Batch * output.Layout.Heads, "head"),
        PlacePattern.Of(channels, output.Layout.Channels, "channel"));
}
