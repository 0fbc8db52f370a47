namespace Kernels.Tests.Cuda.Ptx;

/// <summary>A part of an entry in braces, with registers that only it knows.</summary>
internal sealed class PtxBlock(int number)
{
    private readonly Dictionary<string, string> names = [];

    /// <summary>A register of the block; returns its name in the entry.</summary>
    public string Declare(string name)
    {
        string unique = $"{name}.{number}";
        names.Add(name, unique);
        return unique;
    }

    /// <summary>The statement with the names of the entry.</summary>
    public PtxStatement Renamed(PtxStatement statement) => statement with
    {
        Operands = [.. statement.Operands.Select(operand => names.GetValueOrDefault(operand, operand))],
    };
}
