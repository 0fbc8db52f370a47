using System.Numerics.Tensors;

namespace Kernels.Training.Graphs;

/// <summary>
/// output[i] = source[indices[i]]: the rows of tokens from a table, or some rows of a sequence. Backwards each row adds to the one that it came from.
/// </summary>
/// <param name="output">A row for each index.</param>
/// <param name="source">A table, or the rows of sequences.</param>
/// <param name="indices">Set before a run; each below the rows of the source.</param>
internal sealed class RowLookup(Value output, Value source, int[] indices) : Node(output, source)
{
    /// <summary>Which rows.</summary>
    public int[] Indices => indices;

    public override void Forward()
    {
        for (int i = 0; i < indices.Length; i++)
            source.Row(indices[i]).CopyTo(Output.Row(i));
    }

    public override void Backward()
    {
        // In order, since several may be the same row.
        for (int i = 0; i < indices.Length; i++)
        {
            Span<float> sum = source.GradientRow(indices[i]);
            TensorPrimitives.Add(sum, Output.GradientRow(i), sum);
        }
    }
}
