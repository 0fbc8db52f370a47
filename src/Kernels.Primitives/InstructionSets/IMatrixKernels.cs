using Kernels.Primitives.Softmax;

namespace Kernels.Primitives.InstructionSets;

/// <summary>Products of small matrices in cache, and softmax of a score matrix in three passes.</summary>
public unsafe interface IMatrixKernels
{
    /// <summary>Rows of C that share the loads of B. A last block with fewer rows costs as much as a full one.</summary>
    static abstract int MatrixRows { get; }

    /// <summary>C = A·B, or C += A·B; see <see cref="MatrixProduct{TSimd, TVector}.Multiply"/>.</summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="depth">Columns of A, rows of B, at least 1.</param>
    /// <param name="columns">Columns of B and C, a multiple of the vector width.</param>
    /// <param name="a">[rows, depth], any strides.</param>
    /// <param name="b">[depth, columns], rows contiguous.</param>
    /// <param name="c">[rows, columns], rows contiguous.</param>
    /// <param name="add">Whether the product is added to what C holds.</param>
    static abstract void MultiplyMatrix(int rows, int depth, int columns, MatrixView a, MatrixView b, MatrixView c, bool add);

    /// <summary>Scores become weights down each column; see <see cref="ColumnSoftmax{TSimd, TVector}.Apply"/>.</summary>
    /// <param name="keys">Rows, at least 1.</param>
    /// <param name="queries">Columns, a multiple of the vector width.</param>
    /// <param name="scores">[keys, queries], rows <paramref name="stride"/> floats apart.</param>
    /// <param name="stride">Floats from one key to the next.</param>
    /// <param name="factor">Positive: <see cref="ScoreScale.OfDifferences"/>.</param>
    /// <param name="sums">[queries], sums of the weights.</param>
    static abstract void SoftmaxColumns(int keys, int queries, float* scores, nint stride, float factor, float* sums);

    /// <summary>Scores in units of log₂ become weights whose sum is 1; see <see cref="RowSoftmax{TSimd, TVector}.Apply"/>.</summary>
    static abstract void SoftmaxRow(Span<float> scores);
}
