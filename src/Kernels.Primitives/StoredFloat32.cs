using System.Runtime.CompilerServices;
using Kernels.Abstractions;

namespace Kernels.Primitives;

/// <summary>A float32 in memory.</summary>
public readonly unsafe struct StoredFloat32 : IStored<StoredFloat32>
{
    private readonly float number;

    /// <inheritdoc/>
    public static Element Element => Element.Float32;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TSimd, TVector>(StoredFloat32* source)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        TSimd.Load(&source->number);
}
