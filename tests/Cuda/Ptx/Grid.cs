namespace Kernels.Tests.Cuda.Ptx;

/// <summary>A launch: how many blocks, of how many threads, with how much shared memory.</summary>
internal sealed record Grid(int X, int Y, int Z, int Threads, int SharedBytes)
{
    // The largest test needs a hundredth of it.
    private const long MostInstructionsOfWarp = 5_000_000;

    /// <summary>Threads of a block beside each other; the others lie below them.</summary>
    public int ThreadsX { get; init; } = Threads;

    /// <summary>Where to count what is executed; null to count nothing.</summary>
    public LaunchCounts? Counts { get; init; }

    /// <summary>Runs every block; returns the instructions executed, each counted once for a warp.</summary>
    /// <exception cref="PtxException">What the program does wrong.</exception>
    public long Run(PtxEntry entry, GlobalMemory global, Arguments arguments)
    {
        if (Threads % Warp.Lanes != 0 || Threads % ThreadsX != 0 || Threads > entry.MaxThreads)
            throw new ArgumentException($"{entry.Name} cannot have blocks of {Threads} threads.");
        ParameterMemory parameters = arguments.For(entry);
        long executed = 0;
        for (int block = 0; block < X * Y * Z; block++)
        {
            var shared = new SharedMemory(SharedBytes, entry.SharedAlignment);
            Warpgroup[] warpgroups = [.. Enumerable.Range(0, Threads / Warp.Lanes / Warpgroup.Warps).Select(_ => new Warpgroup())];
            Warp[] warps = [.. Enumerable.Range(0, Threads / Warp.Lanes).Select(warp => NewWarp(entry, global, shared, parameters, warpgroups, block, warp))];
            new Block(entry, shared, warps).Run(MostInstructionsOfWarp);
            if (warpgroups.Select(warpgroup => warpgroup.End()).FirstOrDefault(divergent => divergent is not null) is { } complaint)
                throw complaint;
            executed += warps.Sum(warp => warp.Executed);
        }
        global.EndLaunch();
        return executed;
    }

    private Warp NewWarp(
        PtxEntry entry, GlobalMemory global, SharedMemory shared, ParameterMemory parameters, Warpgroup[] warpgroups, int block, int warp)
    {
        int firstThread = warp * Warp.Lanes;
        ulong[] Lanes(Func<int, int> value) => [.. Enumerable.Range(firstThread, Warp.Lanes).Select(thread => (ulong)value(thread))];
        int x = block % X, y = block / X % Y, z = block / X / Y;
        ulong[][] specials =
        [
            Lanes(thread => thread % ThreadsX), Lanes(thread => thread / ThreadsX),
            .. new[] { x, y, z, X, Z, Threads / ThreadsX, SharedBytes }.Select(value => Lanes(_ => value)),
        ];
        return new(entry, firstThread, (long)block * Threads + firstThread, specials)
        {
            Global = global,
            Shared = shared,
            Parameters = parameters,
            Copies = new(shared),
            Products = new(shared, warpgroups.ElementAtOrDefault(warp / Warpgroup.Warps), warp % Warpgroup.Warps, entry.RegisterCount),
            Counts = Counts,
        };
    }
}
