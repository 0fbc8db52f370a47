using System.Runtime.CompilerServices;
using Kernels.Abstractions;

namespace Kernels.Flash.Tiles;

/// <summary>Where finished rows go: the output and, where there are any, the log-sum-exps of its rows.</summary>
internal readonly unsafe struct RowTargets
{
    private readonly float* output, lse;
    private readonly Layout outputRows, lseRows;

    /// <param name="o">The output.</param>
    /// <param name="lse">The log-sum-exps; null for none.</param>
    /// <param name="lseRows">Their layout.</param>
    public RowTargets(in Tensor o, float* lse, Layout lseRows)
    {
        output = (float*)o.Start;
        outputRows = o.Layout;
        this.lse = lse;
        this.lseRows = lseRows;
    }

    /// <summary>The operands of a call.</summary>
    public static RowTargets Of(in AttentionCall call) => call.Operands > AttentionOperation.Lse
        ? new(call.O, (float*)call.Lse.Start, call.Lse.Layout)
        : new(call.O, null, default);

    /// <summary>Whether there are log-sum-exps.</summary>
    public bool HasLse => lse != null;

    /// <summary>A row of the output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Output<TRows>(in TRows tile, int row)
        where TRows : struct, ITileRows =>
        output + tile.Offset(outputRows, row);

    /// <summary>The log-sum-exp of a row; null where there are none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Lse<TRows>(in TRows tile, int row)
        where TRows : struct, ITileRows =>
        lse == null ? null : lse + tile.Offset(lseRows, row);
}
