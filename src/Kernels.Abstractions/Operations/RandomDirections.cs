namespace Kernels.Abstractions;

/// <summary>
/// Random directions, orthogonal in blocks of headDim or independent, with the lengths of normally distributed vectors (Yu et al. 2016,
/// Orthogonal Random Features; Choromanski et al. 2021, section 2.4).
/// </summary>
internal static class RandomDirections
{
    private const int DirectionStream = 1, LengthStream = 2;

    /// <summary>[headDim, features], one direction a column.</summary>
    public static float[] Create(int headDim, int features, int seed, bool orthogonal)
    {
        var normal = new SeededNormal(seed, DirectionStream, headDim);
        var lengths = new SeededNormal(seed, LengthStream, headDim);
        float[] columns = new float[headDim * features];
        double[][] block = [];
        for (int feature = 0; feature < features; feature++)
        {
            if (!orthogonal || feature % headDim == 0)
                block = [];
            double[] direction = NextOrthogonal(ref normal, headDim, block);
            block = [.. block, direction];
            double length = Length(Draw(ref lengths, headDim));
            for (int c = 0; c < headDim; c++)
                columns[c * features + feature] = (float)(length * direction[c]);
        }
        return columns;
    }

    private static double[] NextOrthogonal(ref SeededNormal normal, int headDim, double[][] block)
    {
        double[] direction = Draw(ref normal, headDim);
        // Gram–Schmidt twice: the second pass removes the rounding errors of the first.
        foreach (double[] earlier in block.Concat(block))
        {
            double along = 0;
            for (int c = 0; c < headDim; c++)
                along += direction[c] * earlier[c];
            for (int c = 0; c < headDim; c++)
                direction[c] -= along * earlier[c];
        }
        double length = Length(direction);
        for (int c = 0; c < headDim; c++)
            direction[c] /= length;
        return direction;
    }

    private static double[] Draw(ref SeededNormal normal, int count)
    {
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++)
            numbers[i] = normal.Next();
        return numbers;
    }

    private static double Length(double[] vector)
    {
        double squares = 0;
        foreach (double number in vector)
            squares += number * number;
        return Math.Sqrt(squares);
    }
}
