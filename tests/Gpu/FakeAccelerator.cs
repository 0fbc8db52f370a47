using Kernels.Abstractions;
using Kernels.Gpu.Ilgpu;
using Kernels.Naive;

namespace Kernels.Tests.Gpu;

/// <summary>Stands behind the seam of the ILGPU kernels, so that what is on this side of it is tested in every build.</summary>
internal sealed unsafe class FakeAccelerator(IlgpuDevice device) : IIlgpuAccelerator
{
    private readonly TripleLoop loop = new();

    public IlgpuDevice Device => device;

    public List<(IlgpuProgram Program, IlgpuTile Tile)> Runs { get; } = [];

    public bool IsDisposed { get; private set; }

    public void Run(
        IlgpuProgram program, IlgpuTile tile, AttentionProblem problem, float* q, float* k, float* v, float* output,
        Span<double> deviceNanoseconds)
    {
        Runs.Add((program, tile));
        float[] scratch = new float[loop.ScratchLength(problem)];
        loop.Forward(
            problem, new(q, problem.QueryLength), new(k, problem.KeyLength), new(v, problem.KeyLength),
            new(output, problem.QueryLength), scratch);
        deviceNanoseconds.Fill(1);
    }

    public void Dispose() => IsDisposed = true;
}
