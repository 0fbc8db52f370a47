namespace Kernels.Tests.Cuda.Ptx;

/// <summary>A launch: how many blocks, of how many threads, with how much shared memory.</summary>
internal sealed record Grid(int X, int Y, int Z, int Threads, int SharedBytes)
{
    // The largest test needs a hundredth of it.
    private const long MostInstructionsOfWarp = 5_000_000;

    /// <summary>Runs every block; returns the instructions executed, each counted once for a warp.</summary>
    /// <exception cref="PtxException">What the program does wrong.</exception>
    public long Run(PtxEntry entry, GlobalMemory global, Arguments arguments)
    {
        if (Threads % Warp.Lanes != 0 || Threads > entry.MaxThreads)
            throw new ArgumentException($"{entry.Name} cannot have blocks of {Threads} threads.");
        ParameterMemory parameters = arguments.For(entry);
        long executed = 0;
        for (int block = 0; block < X * Y * Z; block++)
        {
            var shared = new SharedMemory(SharedBytes);
            Warp[] warps = [.. Enumerable.Range(0, Threads / Warp.Lanes).Select(warp => NewWarp(entry, global, shared, parameters, block, warp))];
            new Block(entry, shared, warps).Run(MostInstructionsOfWarp);
            executed += warps.Sum(warp => warp.Executed);
        }
        global.EndLaunch();
        return executed;
    }

    private Warp NewWarp(PtxEntry entry, GlobalMemory global, SharedMemory shared, ParameterMemory parameters, int block, int warp)
    {
        int firstThread = warp * Warp.Lanes;
        ulong[] threads = [.. Enumerable.Range(firstThread, Warp.Lanes).Select(thread => (ulong)thread)];
        int x = block % X, y = block / X % Y, z = block / X / Y;
        return new(entry, firstThread, (long)block * Threads + firstThread, [threads, .. new[] { x, y, z, X, Z }.Select(Same)])
        {
            Global = global,
            Shared = shared,
            Parameters = parameters,
            Copies = new(shared),
        };
    }

    private static ulong[] Same(int value)
    {
        ulong[] lanes = new ulong[Warp.Lanes];
        Array.Fill(lanes, (ulong)value);
        return lanes;
    }
}
