using Kernels.Training.Graphs;
using Kernels.Training.Models;

namespace Kernels.Tests.Training;

/// <summary>
/// The same computation as a graph, in float64 and written anew from the formulas: what central differences of a loss are taken of. It reads which nodes there
/// are and what they read, and shares no arithmetic with them.
/// </summary>
internal sealed class DoubleGraph
{
    private readonly Graph graph;
    private readonly List<(nint Begin, nint End, double[] Numbers)> blocks = [];

    public DoubleGraph(Graph graph, ParameterSet parameters)
    {
        this.graph = graph;
        Parameters = Block(parameters.Numbers, Address(parameters[parameters.Shapes[0].Name]));
        foreach (Value value in graph.Values)
            Block(value.Numbers, Address(value));
        blocks.Sort((a, b) => a.Begin.CompareTo(b.Begin));
    }

    /// <summary>All parameters in their order, to be changed.</summary>
    public double[] Parameters { get; }

    /// <summary>The loss of the parameters as they are.</summary>
    public double Loss()
    {
        foreach (Node node in graph.Nodes)
            Compute(node);
        return this[graph.Nodes[^1].Output][0, 0];
    }

    private Rows this[Value value]
    {
        get
        {
            nint address = Address(value);
            int low = 0, high = blocks.Count - 1;
            while (low < high)
            {
                int middle = (low + high + 1) / 2;
                (low, high) = blocks[middle].Begin <= address ? (middle, high) : (low, middle - 1);
            }
            Assert(address < blocks[low].End);
            return new(blocks[low].Numbers, (int)(address - blocks[low].Begin) / sizeof(float), value.Columns);
        }
    }

    private static void Assert(bool found) => Xunit.Assert.True(found, "A node reads memory of no value.");

    private static unsafe nint Address(Value value) => (nint)value.Data;

    private double[] Block(Span<float> numbers, nint address)
    {
        double[] wide = new double[numbers.Length];
        for (int i = 0; i < wide.Length; i++)
            wide[i] = numbers[i];
        blocks.Add((address, address + numbers.Length * sizeof(float), wide));
        return wide;
    }

    private void Compute(Node node)
    {
        Rows y = this[node.Output];
        Rows[] x = [.. node.Inputs.Select(input => this[input])];
        int rows = node.Output.Rows, columns = node.Output.Columns;
        switch (node)
        {
            case RowLookup lookup:
                Fill(y, rows, columns, (row, column) => x[0][lookup.Indices[row], column]);
                break;
            case Sum:
                Fill(y, rows, columns, (row, column) => x[0][row, column] + x[1][row, column]);
                break;
            case Transposed:
                Fill(y, rows, columns, (row, column) => x[0][column, row]);
                break;
            case ProjectionNode:
                Project(x[0], x[1], x[2], y, rows, node.Inputs[1].Rows, columns);
                break;
            case FeedForward:
                int hidden = node.Inputs[1].Columns;
                var inner = new Rows(new double[rows * hidden], 0, hidden);
                Project(x[0], x[1], x[2], inner, rows, node.Inputs[1].Rows, hidden);
                for (int i = 0; i < inner.Numbers.Length; i++)
                    inner.Numbers[i] = Math.Max(inner.Numbers[i], 0);
                Project(inner, x[3], x[4], y, rows, hidden, columns);
                break;
            case LayerNorm:
                DoubleNodes.Norm(x[0], x[1], x[2], y, rows, columns, LayerNorm.Epsilon);
                break;
            case SelfAttention attention:
                DoubleNodes.Attend(attention.Problem, x[0], x[1], x[2], y);
                break;
            case GruStep:
                DoubleNodes.Gru(x[0], x[1], x[2], y, rows, columns);
                break;
            case AdditiveStep:
                DoubleNodes.Align(x[0], x[1], x[2], x[3], y, rows, node.Inputs[1].Rows / rows, node.Inputs[0].Columns, columns);
                break;
            case CrossEntropy loss:
                y[0, 0] = DoubleNodes.Loss(x[0], loss);
                break;
            default:
                throw new InvalidOperationException($"{node.GetType().Name} has no float64 formula here.");
        }
    }

    private static void Project(Rows x, Rows w, Rows b, Rows y, int rows, int depth, int columns) => Fill(y, rows, columns, (row, column) =>
    {
        double sum = b[0, column];
        for (int i = 0; i < depth; i++)
            sum += x[row, i] * w[i, column];
        return sum;
    });

    private static void Fill(Rows y, int rows, int columns, Func<int, int, double> number)
    {
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++)
                y[row, column] = number(row, column);
    }

    /// <summary>Rows within a block.</summary>
    internal readonly record struct Rows(double[] Numbers, int Offset, int Columns)
    {
        public double this[int row, int column]
        {
            get => Numbers[Offset + row * Columns + column];
            set => Numbers[Offset + row * Columns + column] = value;
        }
    }
}
