namespace Kernels.Primitives.InstructionSets;

/// <summary>
/// The context of an instruction set, after BLIS (Van Zee and van de Geijn 2015, section 5): micro-kernels, which handle vectors and
/// registers, and their sizes. Kernels have it as their only type parameter and use no vectors themselves; the JIT compiles them for each
/// context, with the sizes as constants and direct calls of the micro-kernels.
/// </summary>
public interface IInstructionSet : IRowKernels, IMatrixKernels, ITileKernels, IInterleavedKernels, IDecodeKernels
{
    /// <summary>The display name, such as <c>AVX-512</c>.</summary>
    static abstract string Name { get; }

    /// <summary>Whether this machine has it, as the JIT sees it now.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>Floats in a vector.</summary>
    static abstract int Width { get; }

    /// <summary>
    /// The most rows of a query tile: whole register tiles (<see cref="ITileKernels.TileRows"/>, as rows of PV) and whole vectors (as lanes
    /// of QKᵀ).
    /// </summary>
    static abstract int QueryRows { get; }

    /// <summary>Keys of a block of whole register tiles, fused ones included.</summary>
    static abstract int KeyMultiple { get; }

    /// <summary>Where the keys that every row sees end within a block, their number is rounded down to a multiple of this.</summary>
    static abstract int CoveredMultiple { get; }

    /// <summary>The most keys that a register tile reads, which must be readable from its first key on.</summary>
    static abstract int MostTileKeys { get; }

    /// <summary>Floats from the scores of one key to those of the next, at least <see cref="QueryRows"/>.</summary>
    static abstract int ScoreStride { get; }

    /// <summary>Runs a micro-kernel of one family.</summary>
    static abstract void Run<TKernel>(ref TKernel kernel)
        where TKernel : struct, IVectorKernel;
}
