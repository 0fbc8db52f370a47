using System.Collections.Immutable;
using Kernels.Abstractions;

namespace Kernels.Training.Graphs;

/// <summary>y = x·W + b: x [rows, width], W [width, hidden], b [hidden], y [rows, hidden].</summary>
internal sealed record ProjectionForward : LayerOperation
{
    private static readonly IReadOnlyList<ImmutableArray<int>> output = [[3]];

    public override string Name => "projection";

    public override string Formula => "x·W + b";

    public override IReadOnlyList<ImmutableArray<int>> OutputGroups => output;

    /// <summary>The problem of so many rows.</summary>
    public static LayerProblem Problem(int rows, int width, int hidden) => new(new AttentionProblem(1, 1, 1, rows, rows, 1), width, hidden);

    /// <summary>The kernel on values.</summary>
    public static unsafe PreparedCall Prepare(Graph graph, Value x, Value w, Value b, Value y) =>
        graph.Prepare(ProjectionKernel.Instance, Problem(x.Rows, w.Rows, w.Columns), (nint)x.Data, (nint)w.Data, (nint)b.Data, (nint)y.Data);

    protected override ImmutableArray<Operand> Operands(LayerProblem problem, Format format) =>
    [
        Matrix("x", Role.Input, problem.Queries, problem.Width), Matrix("w", Role.Input, problem.Width, problem.Hidden), Matrix("b", Role.Input, 1, problem.Hidden),
        Matrix("y", Role.Output, problem.Queries, problem.Hidden),
    ];

    protected override double Flops(LayerProblem problem) => 2.0 * problem.Queries * problem.Width * problem.Hidden;

    private static Operand Matrix(string name, Role role, int rows, int columns) =>
        new(name, role, Layout.Of(TokenOrder.HeadMajor, 1, 1, rows, columns), Element.Float32);
}

/// <summary>Blocks of rows on the threads of a training.</summary>
internal sealed unsafe class ProjectionKernel : Kernel
{
    // Whole register tiles of 6 rows, few enough that a batch of 32 rows keeps two threads busy.
    private const int BlockRows = 18;

    public static ProjectionKernel Instance { get; } = new();

    public override KernelInfo Info { get; } = new("training-projection", "blocks of rows times a matrix in cache", new ProjectionForward());

    protected override Plan PlanFor(Problem problem) => new((((LayerProblem)problem).Queries + BlockRows - 1) / BlockRows);

    protected override void Compute(in Call call, int stage, int item)
    {
        var problem = (LayerProblem)call.Problem;
        int begin = item * BlockRows, rows = Math.Min(BlockRows, problem.Queries - begin), width = problem.Width, hidden = problem.Hidden;
        float* y = (float*)call[3].Start + (nint)begin * hidden;
        for (int row = 0; row < rows; row++)
            new ReadOnlySpan<float>(call[2].Start, hidden).CopyTo(new Span<float>(y + (nint)row * hidden, hidden));
        Product.Widest.Multiply(
            rows, width, hidden, new((float*)call[0].Start + (nint)begin * width, width), new((float*)call[1].Start, hidden), new(y, hidden), add: true);
    }
}
