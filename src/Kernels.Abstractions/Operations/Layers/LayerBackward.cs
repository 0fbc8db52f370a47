namespace Kernels.Abstractions;

/// <summary>
/// The backward pass of a piece of a layer: from its inputs and the gradient dy of its output, the gradients of its inputs and weights. Rows of all sequences
/// are independent of each other, so the gradient of a row is that of its own dy, and the gradient of a weight or bias is a sum over the rows of all sequences.
/// Keys, mask and scale of the problem mean nothing here.
/// </summary>
public abstract record LayerBackward : LayerOperation
{
    /// <inheritdoc/>
    public sealed override bool IsGradient => true;

    /// <inheritdoc/>
    public sealed override bool IsRowwise => true;

    /// <inheritdoc/>
    /// <remarks>All but the first, which has the gradients of rows.</remarks>
    public sealed override bool SumsRows(int group) => group > 0;

    /// <summary>The gradient of an input: <c>d</c> and its name, float32.</summary>
    private protected static Operand Gradient(Operand input) =>
        input with { Name = "d" + input.Name, Role = Role.Output, Element = Element.Float32 };
}
