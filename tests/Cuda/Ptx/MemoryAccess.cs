namespace Kernels.Tests.Cuda.Ptx;

/// <summary>One access of a warp to shared or global memory.</summary>
/// <param name="Space">Which of the two.</param>
/// <param name="Bytes">Of each lane: 4, 8 or 16, aligned to as many.</param>
/// <param name="Lanes">One bit a lane that takes part.</param>
/// <param name="Addresses">One a lane.</param>
internal sealed record MemoryAccess(Space Space, int Bytes, uint Lanes, ulong[] Addresses)
{
    /// <summary>The accesses of an instruction to its space; a generic one may reach both memories. Parameters are not counted.</summary>
    public static IEnumerable<MemoryAccess> Of(Space space, Warp warp, uint lanes, Address address, int bytes)
    {
        ulong[] addresses = new ulong[Warp.Lanes];
        uint shared = 0, global = 0;
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            if ((lanes >> lane & 1) == 0)
                continue;
            addresses[lane] = address.Of(warp, lane);
            Space reached = Spaces.Of(space, ref addresses[lane]);
            shared |= (reached == Space.Shared ? 1u : 0) << lane;
            global |= (reached == Space.Global ? 1u : 0) << lane;
        }
        if (shared != 0)
            yield return new(Space.Shared, bytes, shared, addresses);
        if (global != 0)
            yield return new(Space.Global, bytes, global, addresses);
    }

    /// <summary>
    /// How often shared memory must be read or written for this access, and how often at least for as many lanes of as many bytes.
    /// <para>
    /// There are 32 banks; successive words of 4 bytes lie in successive banks, a bank gives one word at a time, and lanes that want the same
    /// word get it at once (CUDA C++ Programming Guide, "Shared Memory" of compute capability 5.x; for later ones it states no other rule).
    /// 32 lanes of 8 or 16 bytes want more than the 128 bytes of all banks, so that the warp is served in phases: 2 halves for 8 bytes, 4
    /// quarters for 16, lanes in their order. ldmatrix is an access of 16 bytes, whose quarters are its matrices, and so is what
    /// cp.async writes. Phases are how NVIDIA's engineers describe 8 and 16 bytes in talks and its forum; the guide leaves them out.
    /// </para>
    /// <para>
    /// A phase takes as many turns (wavefronts, in the words of Nsight Compute) as the most wanted bank has words in it, and at least one where
    /// any lane takes part: that one each is the minimum. Devices may serve phases together that want the same words; none is
    /// assumed to. So no conflict here is none by this rule, and a broadcast over several phases may take fewer turns than the minimum.
    /// </para>
    /// </summary>
    public (int Wavefronts, int Minimum) SharedWavefronts()
    {
        const int Banks = 32, WordBytes = 4;
        int phaseLanes = Math.Min(Warp.Lanes, Banks * WordBytes / Bytes);
        int wavefronts = 0, minimum = 0;
        for (int first = 0; first < Warp.Lanes; first += phaseLanes)
        {
            int[] wanted = new int[Banks];
            foreach (ulong word in Pieces(first, phaseLanes, WordBytes))
                wanted[word % Banks]++;
            int turns = wanted.Max();
            wavefronts += turns;
            minimum += Math.Min(turns, 1);
        }
        return (wavefronts, minimum);
    }

    /// <summary>
    /// The sectors of 32 bytes, the least that is read or written of global memory and its caches (Nsight Compute, "Memory Tables"), that
    /// this access touches, and how many would hold the bytes that it wants, each counted once.
    /// </summary>
    public (int Sectors, int Minimum) GlobalSectors()
    {
        const int SectorBytes = 32;
        int bytes = Pieces(0, Warp.Lanes, Bytes).Count * Bytes;
        return (Pieces(0, Warp.Lanes, SectorBytes).Count, (bytes + SectorBytes - 1) / SectorBytes);
    }

    /// <summary>Which aligned pieces of some bytes are wanted by some lanes.</summary>
    private HashSet<ulong> Pieces(int firstLane, int count, int pieceBytes)
    {
        var pieces = new HashSet<ulong>();
        for (int lane = firstLane; lane < firstLane + count; lane++)
        {
            if ((Lanes >> lane & 1) == 0)
                continue;
            ulong last = (Addresses[lane] + (ulong)Bytes - 1) / (ulong)pieceBytes;
            for (ulong piece = Addresses[lane] / (ulong)pieceBytes; piece <= last; piece++)
                pieces.Add(piece);
        }
        return pieces;
    }
}
