namespace Kernels.Training.Graphs;

/// <summary>output = sourceᵀ: so a table of tokens is also the matrix of the vocabulary (Press and Wolf 2017, Using the output embedding).</summary>
internal sealed class Transposed(Value output, Value source) : Node(output, source)
{
    public override void Forward()
    {
        for (int row = 0; row < source.Rows; row++)
        {
            ReadOnlySpan<float> from = source.Row(row);
            for (int column = 0; column < from.Length; column++)
                Output.Numbers[column * source.Rows + row] = from[column];
        }
    }

    public override void Backward()
    {
        ReadOnlySpan<float> from = Output.Gradients;
        for (int row = 0; row < source.Rows; row++)
        {
            Span<float> sum = source.GradientRow(row);
            for (int column = 0; column < sum.Length; column++)
                sum[column] += from[column * source.Rows + row];
        }
    }
}
