#if WITH_MANAGEDCUDA
using System.Text;
using Kernels.Gpu.Cuda.Host;
using ManagedCuda;
using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace Kernels.Gpu.Cuda.ManagedCuda;

/// <summary>The device's primary context and a stream, through ManagedCuda.</summary>
internal sealed unsafe class ManagedCudaHost : ICudaHost
{
    private const int LogBytes = 8192;

    private readonly PrimaryContext context;
    private readonly CudaStream stream;

    /// <exception cref="CudaException">The driver failed.</exception>
    public ManagedCudaHost(CudaDevice device)
    {
        Device = device;
        context = ManagedCudaError.Translate("cuDevicePrimaryCtxRetain", () => new PrimaryContext(device.Index));
        try
        {
            Enter();
            stream = ManagedCudaError.Translate("cuStreamCreate", () => new CudaStream(CUStreamFlags.NonBlocking));
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    public CudaDevice Device { get; }

    public void Enter() => ManagedCudaError.ThrowIfFailed(ContextManagement.cuCtxSetCurrent(context.Context), "cuCtxSetCurrent");

    public ICudaBuffer Allocate(long bytes) => new Memory(ManagedCudaError.Translate(
        "cuMemAlloc", () => new CudaDeviceVariable<byte>(bytes), () => $"{bytes:N0} bytes"));

    public ICudaModule Load(byte[] image)
    {
        byte[] log = new byte[LogBytes];
        CUmodule module = ManagedCudaError.Translate(
            "cuModuleLoadDataEx",
            () => context.LoadModulePTX(image, [CUJITOption.ErrorLogBuffer, CUJITOption.ErrorLogBufferSizeBytes], [log, (uint)LogBytes]),
            () => Encoding.UTF8.GetString(log).Split('\0')[0].Trim() is { Length: > 0 } message ? message : null);
        return new Code(this, module);
    }

    public ICudaEvent CreateEvent() => new Moment(stream, ManagedCudaError.Translate("cuEventCreate", () => new CudaEvent(CUEventFlags.Default)));

    public void Upload(ICudaBuffer target, void* source, long bytes) => ManagedCudaError.ThrowIfFailed(
        AsynchronousMemcpy_v2.cuMemcpyHtoDAsync_v2(new CUdeviceptr((long)target.Address), (nint)source, bytes, stream.Stream), "cuMemcpyHtoDAsync");

    public void Download(void* target, ICudaBuffer source, long bytes) => ManagedCudaError.ThrowIfFailed(
        AsynchronousMemcpy_v2.cuMemcpyDtoHAsync_v2((nint)target, new CUdeviceptr((long)source.Address), bytes, stream.Stream), "cuMemcpyDtoHAsync");

    public void Copy(ICudaBuffer target, ICudaBuffer source, long bytes) => ManagedCudaError.ThrowIfFailed(
        AsynchronousMemcpy_v2.cuMemcpyDtoDAsync_v2(
            new CUdeviceptr((long)target.Address), new CUdeviceptr((long)source.Address), bytes, stream.Stream),
        "cuMemcpyDtoDAsync");

    public void Clear(ICudaBuffer target, long bytes) => ManagedCudaError.ThrowIfFailed(
        MemsetAsync.cuMemsetD8Async(new CUdeviceptr((long)target.Address), 0, bytes, stream.Stream), "cuMemsetD8Async");

    public void Synchronize() => ManagedCudaError.ThrowIfFailed(Streams.cuStreamSynchronize(stream.Stream), "cuStreamSynchronize");

    public void Dispose()
    {
        Enter();
        stream.Dispose();
        context.Dispose();
    }

    private sealed class Memory(CudaDeviceVariable<byte> memory) : ICudaBuffer
    {
        public ulong Address => (ulong)memory.DevicePointer.Pointer;

        public void Dispose() => memory.Dispose();
    }

    private sealed class Code(ManagedCudaHost host, CUmodule module) : ICudaModule
    {
        public ICudaFunction Function(string name, int sharedBytes)
        {
            CUfunction function = default;
            ManagedCudaError.ThrowIfFailed(ModuleManagement.cuModuleGetFunction(ref function, module, name), "cuModuleGetFunction", name);
            ManagedCudaError.ThrowIfFailed(
                FunctionManagement.cuFuncSetAttribute(function, CUFunctionAttribute.MaxDynamicSharedSizeBytes, sharedBytes), "cuFuncSetAttribute",
                $"{name}, {sharedBytes:N0} bytes of shared memory");
            return new Entry(host, function, name, sharedBytes);
        }

        public void Dispose() => host.context.UnloadModule(module);
    }

    private sealed class Entry(ManagedCudaHost host, CUfunction function, string name, int sharedBytes) : ICudaFunction
    {
        private nint[] values = [];

        public void Launch((int X, int Y, int Z) grid, int threads, ReadOnlySpan<nint> arguments)
        {
            // ManagedCuda takes an array; it is reused, because an entry always has the same number of arguments.
            if (values.Length != arguments.Length)
                values = new nint[arguments.Length];
            arguments.CopyTo(values);
            CUResult result = DriverAPINativeMethods.Launch.cuLaunchKernel(
                function, (uint)grid.X, (uint)grid.Y, (uint)grid.Z, (uint)threads, 1, 1, (uint)sharedBytes, host.stream.Stream, values, null);
            if (result != CUResult.Success)
                ManagedCudaError.ThrowIfFailed(result, "cuLaunchKernel", $"{name}, {grid} blocks of {threads} threads");
        }
    }

    private sealed class Moment(CudaStream stream, CudaEvent moment) : ICudaEvent
    {
        public void Record() => ManagedCudaError.ThrowIfFailed(Events.cuEventRecord(moment.Event, stream.Stream), "cuEventRecord");

        public double NanosecondsSince(ICudaEvent begin)
        {
            ManagedCudaError.ThrowIfFailed(Events.cuEventSynchronize(moment.Event), "cuEventSynchronize");
            return 1e6 * ManagedCudaError.Translate("cuEventElapsedTime", () => CudaEvent.ElapsedTime(((Moment)begin).Event, Event));
        }

        public void Dispose() => moment.Dispose();

        private CudaEvent Event => moment;
    }
}
#endif
