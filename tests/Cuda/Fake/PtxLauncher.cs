using System.Runtime.InteropServices;
using Kernels.Gpu.Cuda;
using Kernels.Tests.Cuda.Ptx;

namespace Kernels.Tests.Cuda.Fake;

/// <summary>
/// Runs what the host launches in the interpreter: the real PTX, with the arguments, the grid and the memory that the host gave.
/// </summary>
internal sealed unsafe class PtxLauncher : IDisposable
{
    private const int LaunchFailed = 719;

    private static readonly Dictionary<string, PtxModule> modules = [];

    private readonly Launcher launcher;

    /// <summary>Becomes the launcher of <see cref="FakeCuda"/>.</summary>
    public PtxLauncher()
    {
        launcher = Launch;
        FakeCuda.SetLauncher(Marshal.GetFunctionPointerForDelegate(launcher));
    }

    private delegate int Launcher(byte* image, byte* entry, uint* grid, uint threads, uint sharedBytes, void** arguments);

    /// <summary>The first complaint of the interpreter.</summary>
    public Exception? Complaint { get; private set; }

    /// <summary>Names of the entries that ran, in order.</summary>
    public List<string> Launched { get; } = [];

    public void Dispose()
    {
        FakeCuda.SetLauncher(0);
        GC.KeepAlive(launcher);
    }

    private int Launch(byte* image, byte* entry, uint* grid, uint threads, uint sharedBytes, void** arguments)
    {
        try
        {
            string name = Marshal.PtrToStringUTF8((nint)entry)!;
            Launched.Add(name);
            PtxModule module = ModuleOf(Marshal.PtrToStringUTF8((nint)image)!);
            Run(module.Entries[name], new Grid((int)grid[0], (int)grid[1], (int)grid[2], (int)threads, (int)sharedBytes), arguments);
            return 0;
        }
        catch (Exception complaint)
        {
            Complaint ??= complaint;
            return LaunchFailed;
        }
    }

    private static PtxModule ModuleOf(string text)
    {
        if (!modules.TryGetValue(text, out PtxModule? module))
            modules.Add(text, module = PtxModule.Parse(text));
        return module;
    }

    // The interpreter has memory of its own: what the addresses among the arguments point to is copied there, and what may be written back.
    private static void Run(PtxEntry entry, Grid grid, void** arguments)
    {
        var memory = new GlobalMemory();
        var copied = new Arguments();
        var written = new List<(ulong Address, Allocation Inside)>();
        int[] outputs = OutputArguments(entry.Name);

        ulong Inside(ulong address, bool isWritten)
        {
            Span<byte> allocation = FakeCuda.Allocation(address);
            if (allocation.IsEmpty)
                return address;
            Allocation inside = isWritten ? memory.Accumulated(allocation) : memory.Input(allocation);
            if (isWritten)
                written.Add((address, inside));
            return inside.Address;
        }

        for (int i = 0; i < entry.Parameters.Count; i++)
        {
            var value = new ReadOnlySpan<byte>(arguments[i], entry.Parameters[i].Bytes);
            if (value.Length == sizeof(CudaTargets) && MemoryMarshal.Read<CudaTargets>(value) is var targets)
                copied.Add(targets with { Output = Inside(targets.Output, true), Lse = targets.Lse == 0 ? 0 : Inside(targets.Lse, true) });
            else if (value.Length == sizeof(ulong))
                copied.Add(Inside(MemoryMarshal.Read<ulong>(value), outputs.Contains(i)));
            else if (value.Length == sizeof(uint))
                copied.Add(MemoryMarshal.Read<uint>(value));
            else
                copied.Add(MemoryMarshal.Read<CudaShape>(value));
        }
        grid.Run(entry, memory, copied);
        foreach ((ulong address, Allocation inside) in written)
            MemoryMarshal.AsBytes(inside.Floats).CopyTo(FakeCuda.Allocation(address));
    }

    // The addresses that are written, besides those of Targets: dq and the statistics, dk and dv, the parts of decoding.
    private static int[] OutputArguments(string entry) => entry.Split('_') switch
    {
        ["peak", ..] => [0],
        ["backward", "queries", ..] => [6, 7],
        ["backward", "keys", ..] => [5, 6],
        ["decode", not "combine", ..] => [3],
        _ => [],
    };
}
