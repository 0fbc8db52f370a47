namespace Kernels.Abstractions;

/// <summary>Formats of the operands of a kernel in memory. Row sums such as the log-sum-exp are always float32.</summary>
/// <param name="Input">Of what is read: q, k and v.</param>
/// <param name="Output">Of what is written.</param>
public sealed record Format(Element Input, Element Output)
{
    /// <summary>Float32 throughout.</summary>
    public static Format Float32 { get; } = new(Element.Float32, Element.Float32);

    /// <summary>Inputs stored as bfloat16, output float32.</summary>
    public static Format BFloat16 { get; } = new(Element.BFloat16, Element.Float32);

    /// <summary>Inputs stored as float16, output float32.</summary>
    public static Format Float16 { get; } = new(Element.Float16, Element.Float32);

    /// <summary>In words, after the name of an operation: <c>bfloat16 inputs</c>, <c>float16 inputs and output</c>.</summary>
    public string Words => Output == Element.Float32 ? $"{Input.Text()} inputs"
        : Output == Input ? $"{Input.Text()} inputs and output"
        : $"{Input.Text()} inputs, {Output.Text()} output";

    /// <summary>The name in results: that of the inputs, and that of the output where it is not float32.</summary>
    public string Name => Output == Element.Float32 ? Input.Text() : $"{Input.Text()}-{Output.Text()}";

    /// <inheritdoc/>
    public override string ToString() => Name;
}
