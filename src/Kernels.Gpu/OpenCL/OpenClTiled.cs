using Kernels.Abstractions;

namespace Kernels.Gpu.OpenCL;

/// <summary>
/// Three kernels, one for the scores, one for the softmax and one for the product with v; the matrix products are tiled in local memory.
/// The whole score matrix of all heads lies in device memory.
/// </summary>
public sealed class OpenClTiled : OpenClKernel
{
    // Every GPU can run 16 × 16; a smaller device gets 8 × 8.
    private const int LargeTile = 16, SmallTile = 8, MostRowItems = 128;

    private Programs? programs;

    internal OpenClTiled(OpenClRuntime runtime)
        : base(runtime)
    {
    }

    /// <inheritdoc/>
    public override KernelInfo Info { get; } = new(
        "gpu-opencl-tiled", "scores, softmax and product as three OpenCL kernels, tiled in local memory", Operations.Softmax)
    {
        BuildsOn = "naive-three-pass",
    };

    internal override Int128 WorkspaceBytes(AttentionProblem problem) =>
        sizeof(float) * (Int128)problem.Batch * problem.Heads * problem.Queries * problem.Keys;

    internal override string? RefusesHeadDim(OpenClDevice device, int headDim) =>
        device.MaxWorkGroupSize < SmallTile * SmallTile
            ? $"needs {SmallTile * SmallTile} work-items in a group; {device} allows {device.MaxWorkGroupSize}"
            : null;

    internal override void Launch(OpenClSession session, AttentionProblem problem)
    {
        programs ??= new Programs(session);
        (int tile, int rowItems, DeviceBuffer scores) = (programs.Tile, programs.RowItems, programs.Weights);
        DeviceTensors tensors = session.Tensors;
        int heads = problem.Batch * problem.Heads, group = problem.Heads / problem.KvHeads;
        scores.Reserve((long)WorkspaceBytes(problem));
        programs.Scores.With(tensors.Q).With(tensors.K).With(scores)
            .With(group).With(problem.Queries).With(problem.Keys).With(problem.HeadDim).With(problem.Scale)
            .Launch((Tiles(problem.Keys, tile), Tiles(problem.Queries, tile), heads), (tile, tile));
        programs.Softmax.With(scores).With(tensors.VisibleKeys).With(problem.Queries).With(problem.Keys)
            .Launch(((long)heads * problem.Queries, 1, 1), (rowItems, 1));
        programs.Product.With(scores).With(tensors.V).With(tensors.Output)
            .With(group).With(problem.Queries).With(problem.Keys).With(problem.HeadDim)
            .Launch((Tiles(problem.HeadDim, tile), Tiles(problem.Queries, tile), heads), (tile, tile));
    }

    private static int Tiles(int length, int tile) => (length + tile - 1) / tile;

    private sealed class Programs
    {
        public Programs(OpenClSession session)
        {
            Tile = session.Device.MaxWorkGroupSize >= LargeTile * LargeTile ? LargeTile : SmallTile;
            RowItems = Math.Min(MostRowItems, Tile * Tile);
            var program = new DeviceProgram(session, "tiled.cl", $"-DTILE={Tile} -DROW_ITEMS={RowItems}");
            Scores = program.Function("scores");
            Softmax = program.Function("softmax");
            Product = program.Function("product");
            Weights = new DeviceBuffer(session);
        }

        public int Tile { get; }

        public int RowItems { get; }

        public DeviceFunction Scores { get; }

        public DeviceFunction Softmax { get; }

        public DeviceFunction Product { get; }

        public DeviceBuffer Weights { get; }
    }
}
