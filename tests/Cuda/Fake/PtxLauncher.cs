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

    // The interpreter has memory of its own: inputs are copied there, and the output back.
    private static void Run(PtxEntry entry, Grid grid, void** arguments)
    {
        var memory = new GlobalMemory();
        var copied = new Arguments();
        int output = OutputArgument(entry.Name);
        Allocation? written = null;
        for (int i = 0; i < entry.Parameters.Count; i++)
        {
            var value = new ReadOnlySpan<byte>(arguments[i], entry.Parameters[i].Bytes);
            if (value.Length == sizeof(ulong) && FakeCuda.Allocation(MemoryMarshal.Read<ulong>(value)) is { IsEmpty: false } allocation)
            {
                Allocation inside = i == output ? memory.Output(allocation.Length) : memory.Input(allocation);
                copied.Add(inside);
                if (i == output)
                    written = inside;
            }
            else if (value.Length == sizeof(ulong))
                copied.Add(MemoryMarshal.Read<ulong>(value));
            else if (value.Length == sizeof(uint))
                copied.Add(MemoryMarshal.Read<uint>(value));
            else
                copied.Add(MemoryMarshal.Read<CudaShape>(value));
        }
        grid.Run(entry, memory, copied);
        MemoryMarshal.AsBytes(written!.Floats).CopyTo(FakeCuda.Allocation(*(ulong*)arguments[output]));
    }

    private static int OutputArgument(string entry) =>
        entry.StartsWith("peak_", StringComparison.Ordinal) ? 0
        : entry.StartsWith("decode_combine_", StringComparison.Ordinal) ? 1
        : 3;
}
