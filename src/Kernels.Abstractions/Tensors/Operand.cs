namespace Kernels.Abstractions;

/// <summary>How an operation uses an operand.</summary>
public enum Role
{
    /// <summary>Read, never written.</summary>
    Input,

    /// <summary>Every number is written; the old contents are not read.</summary>
    Output,

    /// <summary>Read and written: the operation continues what earlier calls left.</summary>
    Accumulated,
}

/// <summary>One tensor that an operation reads or writes.</summary>
/// <param name="Name">Short name, unique within the operation: <c>q</c>, <c>k</c>, <c>v</c>, <c>o</c>, <c>lse</c> …</param>
/// <param name="Role">How it is used.</param>
/// <param name="Layout">Its shape and where its rows lie.</param>
/// <param name="Element">Format of its numbers.</param>
public sealed record Operand(string Name, Role Role, Layout Layout, Element Element)
{
    /// <summary>Bytes from the first number to the end of the last.</summary>
    public long Bytes => Layout.Extent * Element.Size();

    /// <summary>Such as <c>k [1, 8, 512, 64] bfloat16</c>.</summary>
    public override string ToString() => $"{Name} {Layout} {Element.Text()}";
}
