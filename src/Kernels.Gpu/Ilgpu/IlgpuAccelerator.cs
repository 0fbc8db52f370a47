using ILGPU;
using ILGPU.Runtime;
using Kernels.Abstractions;
using Kernels.Gpu.Masks;

namespace Kernels.Gpu.Ilgpu;

/// <summary>An accelerator of ILGPU with the compiled kernels and the memory that they need.</summary>
internal sealed class IlgpuAccelerator : IIlgpuAccelerator
{
    private readonly Lock turn = new();
    private readonly Context context;
    private readonly Accelerator accelerator;
    private readonly IlgpuTensors tensors;
    private readonly Action<KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<float>, TensorShape> scores, product;
    private readonly Action<KernelConfig, ArrayView<float>, ArrayView<KeyRange>, TensorShape> softmax;
    private readonly Action<
        KernelConfig, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<KeyRange>, ArrayView<TileRange>,
        TensorShape> flash;

    private bool disposed;

    private IlgpuAccelerator(Context context, Device device, IlgpuDevice about)
    {
        (this.context, Device) = (context, about);
        accelerator = device.CreateAccelerator(context);
        tensors = new IlgpuTensors(accelerator);
        scores = accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, TensorShape>(TiledAttention.Scores);
        softmax = accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<KeyRange>, TensorShape>(TiledAttention.Softmax);
        product = accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, ArrayView<float>, TensorShape>(TiledAttention.Product);
        flash = accelerator.LoadStreamKernel<
            ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<KeyRange>, ArrayView<TileRange>,
            TensorShape>(FlashAttention.Forward);
    }

    /// <inheritdoc/>
    public IlgpuDevice Device { get; }

    /// <summary>Opens the best device that matches the request.</summary>
    /// <exception cref="IlgpuUnavailableException">No device fits.</exception>
    /// <exception cref="IlgpuException">ILGPU, or the driver, failed.</exception>
    public static IlgpuAccelerator Open(DeviceWish? wish)
    {
        Context? context = null;
        try
        {
            context = IlgpuDevices.CreateContext();
            (Device Device, IlgpuDevice About)[] all = [.. IlgpuDevices.Of(context)];
            (Device device, IlgpuDevice about) = all.Where(each => each.About.Fits(wish)).OrderBy(each => each.About.Rank).FirstOrDefault();
            return device is not null
                ? new IlgpuAccelerator(context, device, about)
                : throw new IlgpuUnavailableException($"no ILGPU device fits {wish}; there is {string.Join(", ", all.Select(each => each.About))}");
        }
        catch (Exception failed)
        {
            context?.Dispose();
            // Any exception of a driver or of ILGPU's compiler becomes the reason that the report shows.
            throw failed is IlgpuUnavailableException ? failed : new IlgpuException(failed);
        }
    }

    /// <inheritdoc/>
    public void Run(IlgpuProgram program, IlgpuTile tile, in AttentionCall call, Span<double> deviceNanoseconds)
    {
        AttentionProblem problem = call.Problem;
        lock (turn)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            try
            {
                accelerator.Bind();
                tensors.Upload(call, tile.TileRows);
                if (program == IlgpuProgram.Tiled)
                    tensors.Scores.Reserve((long)problem.Batch * problem.Heads * problem.Queries * problem.Keys);
                Launch(program, tile, problem);
                for (int launch = 0; launch < deviceNanoseconds.Length; launch++)
                    deviceNanoseconds[launch] = Time(program, tile, problem);
                tensors.Download(call);
            }
            catch (Exception failed) when (failed is AcceleratorException or InternalCompilerException or NotSupportedException)
            {
                throw new IlgpuException(failed);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (turn)
        {
            if (disposed)
                return;
            disposed = true;
            tensors.Dispose();
            accelerator.Dispose();
            context.Dispose();
        }
    }

    private double Time(IlgpuProgram program, IlgpuTile tile, AttentionProblem problem)
    {
        accelerator.Synchronize();
        using ProfilingMarker begin = accelerator.DefaultStream.AddProfilingMarker();
        Launch(program, tile, problem);
        using ProfilingMarker end = accelerator.DefaultStream.AddProfilingMarker();
        end.Synchronize();
        return (end - begin).TotalNanoseconds;
    }

    private void Launch(IlgpuProgram program, IlgpuTile tile, AttentionProblem problem)
    {
        var shape = new TensorShape(problem);
        var group = new Index3D(IlgpuTile.Lanes, tile.GroupsOfRows, 1);
        var shared = SharedMemoryConfig.RequestDynamic<float>(tile.SharedFloats(program, problem.HeadDim));
        int heads = problem.Batch * problem.Heads, tiles = MaskRanges.Tiles(problem, tile.TileRows);
        KernelConfig Grid(int x, int y, int z) => new(new Index3D(x, y, z), group, shared);
        if (program == IlgpuProgram.Flash)
        {
            flash(
                Grid(tiles, heads, 1), tensors.Q.View, tensors.K.View, tensors.V.View, tensors.Output.View,
                tensors.VisibleKeys.View, tensors.Tiles.View, shape);
            return;
        }
        ArrayView<float> matrix = tensors.Scores.View;
        scores(Grid(Tiles(problem.Keys), tiles, heads), tensors.Q.View, tensors.K.View, matrix, shape);
        softmax(Grid(MaskRanges.Tiles(problem, tile.GroupsOfRows), heads, 1), matrix, tensors.VisibleKeys.View, shape);
        product(Grid(Tiles(problem.HeadDim), tiles, heads), matrix, tensors.V.View, tensors.Output.View, shape);
    }

    private static int Tiles(int length) => (length + IlgpuTile.Lanes - 1) / IlgpuTile.Lanes;
}
