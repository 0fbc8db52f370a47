using System.Text.RegularExpressions;
using Kernels.Abstractions;

namespace Kernels.Report.Model;

/// <summary>
/// Groups of operations whose kernels share charts. Operations with the operands q, k, v and o, as softmax attention, are one group,
/// because they can replace each other. Every other operation is a separate group.
/// </summary>
public static partial class OperationGroups
{
    private static readonly AttentionProblem anyProblem = new(1, 1, 1, 1, 1, 2);

    // The end of the name of a layer with linear attention.
    private static readonly LayerProblem anyLayer = new(anyProblem, 1);

    /// <summary>The operation that the group of <paramref name="operation"/> is named after.</summary>
    public static string Of(string operation) =>
        Known(operation) is { } known && Operands(known).SequenceEqual(Operands(Operations.Softmax)) ? Operations.Softmax.Name : operation;

    /// <summary>
    /// The operation of this suite with that name, with its usual parameters: <c>top-32</c> has the operands of <c>top-k</c>. Null when
    /// there is none.
    /// </summary>
    public static Operation? Known(string operation)
    {
        foreach (AttentionOperation attention in AttentionLayer.Attentions)
        {
            string end = AttentionLayer.SuffixOf(attention);
            if (end != "" && operation.EndsWith(end, StringComparison.Ordinal) && Known(operation[..^end.Length]) is AttentionLayer layer)
                return layer with { Attention = attention };
        }
        string name = WithoutParameters().Match(operation).Groups["name"].Value;
        return Operations.All.FirstOrDefault(known => known.Name == operation || known.Name == name || known.Name == $"{name}-k");
    }

    private static IEnumerable<(string, Role)> Operands(Operation operation) =>
        operation.Operands(operation.IsFor(anyProblem) ? anyProblem : anyLayer, Format.Float32).Select(each => (each.Name, each.Role));

    [GeneratedRegex("^(?<name>[a-z-]+?)-?[0-9]*(-seed-?[0-9]+)?(-independent)?$")]
    private static partial Regex WithoutParameters();
}
