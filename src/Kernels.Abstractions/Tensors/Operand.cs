namespace Kernels.Abstractions;

/// <summary>What an operation does with an operand.</summary>
public enum Role
{
    /// <summary>Read, never written.</summary>
    Input,

    /// <summary>Every number is written; what was there before does not matter.</summary>
    Output,

    /// <summary>Read and written: the operation continues what earlier calls left.</summary>
    Accumulated,
}

/// <summary>One tensor that an operation reads or writes.</summary>
/// <param name="Name">Short name, unique within the operation: <c>q</c>, <c>k</c>, <c>v</c>, <c>o</c>, <c>lse</c> …</param>
/// <param name="Role">What is done with it.</param>
/// <param name="Layout">Its shape and where its rows lie.</param>
/// <param name="Element">Format of its numbers.</param>
public sealed record Operand(string Name, Role Role, Layout Layout, Element Element)
{
    /// <summary>Bytes from the first number to the end of the last.</summary>
    public long Bytes => Layout.Extent * Element.Size();

    /// <summary>Such as <c>k [1, 8, 512, 64] bfloat16</c>.</summary>
    public override string ToString() => $"{Name} {Layout} {Element.Text()}";
}
