using Kernels.Abstractions;
using Kernels.Gpu.Ilgpu;
using Kernels.Naive;

namespace Kernels.Tests.Gpu;

/// <summary>Stands behind the seam of the ILGPU kernels, so that what is on this side of it is tested in every build.</summary>
internal sealed class FakeAccelerator(IlgpuDevice device) : IIlgpuAccelerator
{
    private readonly TripleLoop loop = new();

    public IlgpuDevice Device => device;

    public List<(IlgpuProgram Program, IlgpuTile Tile)> Runs { get; } = [];

    public bool IsDisposed { get; private set; }

    public void Run(IlgpuProgram program, IlgpuTile tile, in AttentionCall call, Span<double> deviceNanoseconds)
    {
        Runs.Add((program, tile));
        loop.Forward(call.Problem, call.Q.All<float>(), call.K.All<float>(), call.V.All<float>(), call.O.All<float>());
        deviceNanoseconds.Fill(1);
    }

    public void Dispose() => IsDisposed = true;
}
