using Kernels.Abstractions;
using Kernels.Results;

namespace Kernels.Peers;

/// <summary>One way in which a peer computes attention.</summary>
/// <param name="Name">Last part of its catalog name.</param>
/// <param name="Idea">What it is, in one line.</param>
public sealed record PeerOperator(string Name, string Idea)
{
    private const string Positions = "positions", ValueDim = "valueDim";

    /// <summary>Where it is described.</summary>
    public string? Source { get; init; }

    /// <summary>Why the gate allows three times the error of plain float32 instead of twice; null when it need not.</summary>
    public string? Approximation { get; init; }

    /// <summary>Whether it promises nothing of NaN and infinite inputs, so that the gate does not try them.</summary>
    public bool FiniteInputsOnly { get; init; }

    /// <summary>Names of the operations that it computes; each is a kernel.</summary>
    public IReadOnlyList<string> Operations { get; init; } = [Abstractions.Operations.Softmax.Name];

    /// <summary>Formats of its inputs, by their names; outputs are float32. Each makes every operation a kernel of its own.</summary>
    public IReadOnlyList<string> Formats { get; init; } = [Format.Float32.Name];

    /// <summary>
    /// What it is asked for beyond usual problems: <c>positions</c> and <c>valueDim</c>. A program that does not read a field computes
    /// something else without knowing it, so nobody is asked who does not say that he reads it.
    /// </summary>
    public IReadOnlyList<string> Takes { get; init; } = [];

    /// <summary>Whether queries and keys may begin anywhere in the sequence.</summary>
    internal bool TakesPositions => Takes.Contains(Positions);

    /// <summary>Whether values may be of another width than keys.</summary>
    internal bool TakesValueDim => Takes.Contains(ValueDim);

    /// <summary>What is wrong with the lists; null when nothing is.</summary>
    internal string? Flaw()
    {
        string names = string.Join(", ", Abstractions.Operations.All.OfType<AttentionOperation>());
        if (Operations is not [_, ..] || Operations.Contains(null!) || Operations.Distinct().Count() != Operations.Count)
            return $"the operations of {Name} must be a list of different names among {names}";
        if (Operations.FirstOrDefault(each => Find(each) is null) is { } unknown)
            return $"{Name} computes '{OneLine.Quote(unknown)}', which is no operation; they are {names}";
        if (Formats is not [_, ..] || Formats.Contains(null!) || Formats.Distinct().Count() != Formats.Count)
            return $"the formats of {Name} must be a list of different names";
        if (Formats.FirstOrDefault(each => Elements.Parse(each) is null) is { } other)
            return $"{Name} takes inputs of '{OneLine.Quote(other)}', which is no format; they are float32, bfloat16 and float16";
        if (Takes is null || Takes.Contains(null!))
            return $"what {Name} takes must be a list of words";
        return Takes.FirstOrDefault(each => each is not (Positions or ValueDim)) is { } word
            ? $"{Name} takes '{OneLine.Quote(word)}', which is neither {Positions} nor {ValueDim}"
            : null;
    }

    /// <summary>The operations in each format, of an operator without a <see cref="Flaw"/>.</summary>
    internal IEnumerable<(AttentionOperation Operation, Format Format)> Computes() =>
        from operation in Operations
        from format in Formats
        select (Find(operation)!, new Format(Elements.Parse(format)!.Value, Element.Float32));

    private static AttentionOperation? Find(string name) =>
        Abstractions.Operations.All.OfType<AttentionOperation>().FirstOrDefault(each => each.Name == name);
}
