using Kernels.Abstractions;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers.Backward;

/// <summary>Plans the backward pass of a piece of a layer as steps over buffers in the shared memory.</summary>
/// <param name="operation">The piece.</param>
/// <param name="problem">Sizes.</param>
internal sealed class BackwardPlanner<TSet>(LayerBackward operation, LayerProblem problem) : StepPlanner(operation.Operands((Problem)problem, Format.Float32))
    where TSet : struct, IInstructionSet
{
    private readonly int rows = problem.Batch * problem.Queries;

    /// <summary>The plan.</summary>
    public Plan Create()
    {
        Matrix(Place("x"), problem.Width, Place("dy"), problem.Hidden, "w", "b", Place("dx"), LayerPart.Projections);
        return Plan;
    }

    /// <summary>The gradients of x·W + b: of x to a place, of W and b to their operands.</summary>
    private void Matrix(Rows x, int depth, Rows gradient, int width, string w, string b, Rows output, LayerPart part)
    {
        Rows transposed = Take((long)rows * depth);
        Add(new ProductStep<TSet>
        {
            X = gradient, RowCount = rows, Depth = width, W = Place(w), Transposed = true, Width = depth, Output = output, Of = part,
        });
        Add(new TransposeStep { X = x, RowCount = rows, Width = depth, Output = transposed, Of = part });
        Add(new ProductStep<TSet> { X = transposed, RowCount = depth, Depth = rows, W = gradient, Width = width, Output = Place("d" + w), Of = part });
        Add(new RowSumStep<TSet> { X = gradient, RowCount = rows, Width = width, Output = Place("d" + b), Of = part });
    }
}
