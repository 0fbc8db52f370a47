namespace Kernels.Training.Models;

/// <summary>One parameter tensor before training.</summary>
/// <param name="Name">Unique in its model.</param>
/// <param name="Rows">Rows.</param>
/// <param name="Columns">Numbers of a row.</param>
/// <param name="Deviation">Standard deviation of the numbers to begin with, which are normal; 0 for all the same.</param>
/// <param name="Mean">Their mean.</param>
public sealed record ParameterShape(string Name, int Rows, int Columns, double Deviation, double Mean = 0)
{
    /// <summary>A matrix [in, out] with the variance 2/(in + out) of Glorot and Bengio 2010, equation 16.</summary>
    public static ParameterShape Matrix(string name, int from, int to) => new(name, from, to, Math.Sqrt(2.0 / (from + to)));

    /// <summary>Zeros, as biases begin.</summary>
    public static ParameterShape Zeros(string name, int columns) => new(name, 1, columns, 0);

    /// <summary>Ones, as gains begin.</summary>
    public static ParameterShape Ones(string name, int columns) => new(name, 1, columns, 0, 1);

    /// <summary>Numbers in it.</summary>
    public int Count => Rows * Columns;
}
