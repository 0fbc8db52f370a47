using System.Runtime.CompilerServices;
using Kernels.Abstractions;

namespace Kernels.Primitives;

/// <summary>A bfloat16 in memory: the upper half of a float32.</summary>
public readonly unsafe struct StoredBFloat16 : IStored<StoredBFloat16>
{
    private readonly ushort bits;

    /// <inheritdoc/>
    public static Element Element => Element.BFloat16;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TSimd, TVector>(StoredBFloat16* source)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        TSimd.LoadBFloat16(&source->bits);
}
