using Kernels.Abstractions;
using Kernels.Models;
using Kernels.Training.Graphs;

namespace Kernels.Training.Models;

/// <summary>All parameters of a model one behind the other, and as far behind each other their gradients and the two moments of the optimiser.</summary>
public sealed unsafe class ParameterSet : IDisposable
{
    private readonly NativeBlocks blocks = new();
    private readonly float* numbers, gradients, first, second;
    private readonly Dictionary<string, Value> values = [];

    /// <summary>Takes memory; all numbers are zeros.</summary>
    public ParameterSet(IReadOnlyList<ParameterShape> shapes)
    {
        Shapes = shapes;
        Count = shapes.Sum(shape => shape.Count);
        numbers = (float*)blocks.Take(sizeof(float) * (long)Count);
        gradients = (float*)blocks.Take(sizeof(float) * (long)Count);
        first = (float*)blocks.Take(sizeof(float) * (long)Count);
        second = (float*)blocks.Take(sizeof(float) * (long)Count);
        nint offset = 0;
        foreach (ParameterShape shape in shapes)
        {
            values.Add(shape.Name, new Value(shape.Rows, shape.Columns, numbers + offset, gradients + offset));
            offset += shape.Count;
        }
    }

    /// <summary>Names and sizes in their order in memory.</summary>
    public IReadOnlyList<ParameterShape> Shapes { get; }

    /// <summary>Numbers in all of them.</summary>
    public int Count { get; }

    /// <summary>All numbers.</summary>
    public Span<float> Numbers => new(numbers, Count);

    /// <summary>All gradients.</summary>
    public Span<float> Gradients => new(gradients, Count);

    /// <summary>The running means of the gradients.</summary>
    public Span<float> FirstMoments => new(first, Count);

    /// <summary>The running means of their squares.</summary>
    public Span<float> SecondMoments => new(second, Count);

    /// <summary>A tensor by its name.</summary>
    public Value this[string name] => values[name];

    /// <summary>Fills the parameters with the numbers of a seed.</summary>
    public void Initialise(int seed)
    {
        foreach ((int index, ParameterShape shape) in Shapes.Index())
        {
            var random = new SeededNormal(seed, index);
            foreach (ref float number in values[shape.Name].Numbers)
                number = (float)(shape.Mean + (shape.Deviation == 0 ? 0 : shape.Deviation * random.Next()));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => blocks.Dispose();
}
