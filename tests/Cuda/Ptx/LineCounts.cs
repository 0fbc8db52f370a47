namespace Kernels.Tests.Cuda.Ptx;

/// <summary>What all warps did at one line of the PTX, or at several.</summary>
/// <param name="Issued">Instructions, each counted once for the lanes of a warp that come to it together, also when none executes it.</param>
/// <param name="SharedAccesses">Accesses of warps to shared memory.</param>
/// <param name="Wavefronts">Turns that these accesses took.</param>
/// <param name="MinWavefronts">Turns without conflicts of banks.</param>
/// <param name="GlobalAccesses">Accesses of warps to global memory.</param>
/// <param name="Sectors">Sectors of 32 bytes that these accesses touched.</param>
/// <param name="MinSectors">Sectors that would have held what they wanted.</param>
internal readonly record struct LineCounts(
    long Issued, long SharedAccesses, long Wavefronts, long MinWavefronts, long GlobalAccesses, long Sectors, long MinSectors)
{
    public static LineCounts OneIssued { get; } = new(1, 0, 0, 0, 0, 0, 0);

    /// <summary>Turns beyond those that no layout would save.</summary>
    public long Conflicts => Wavefronts - MinWavefronts;

    /// <summary>Sectors beyond those that no order of lanes would save.</summary>
    public long ExcessSectors => Sectors - MinSectors;

    public static LineCounts Of(MemoryAccess access)
    {
        if (access.Space == Space.Shared)
        {
            (int wavefronts, int least) = access.SharedWavefronts();
            return new(0, 1, wavefronts, least, 0, 0, 0);
        }
        (int sectors, int minimum) = access.GlobalSectors();
        return new(0, 0, 0, 0, 1, sectors, minimum);
    }

    public static LineCounts operator +(LineCounts a, LineCounts b) => new(
        a.Issued + b.Issued, a.SharedAccesses + b.SharedAccesses, a.Wavefronts + b.Wavefronts, a.MinWavefronts + b.MinWavefronts,
        a.GlobalAccesses + b.GlobalAccesses, a.Sectors + b.Sectors, a.MinSectors + b.MinSectors);

    public static LineCounts operator -(LineCounts a, LineCounts b) => new(
        a.Issued - b.Issued, a.SharedAccesses - b.SharedAccesses, a.Wavefronts - b.Wavefronts, a.MinWavefronts - b.MinWavefronts,
        a.GlobalAccesses - b.GlobalAccesses, a.Sectors - b.Sectors, a.MinSectors - b.MinSectors);
}
