using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Bench.Commands.Selection;

/// <summary>Input families chosen by name.</summary>
public static class InputSelection
{
    /// <summary>The names, in lower case.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<InputFamily>().Select(family => family.Text())];

    /// <summary>Families separated by commas; null when nothing is given.</summary>
    /// <exception cref="UserError">A name is unknown.</exception>
    public static IReadOnlyList<InputFamily>? Parse(string? text) =>
        text is null ? null : [.. CommaList.Split("--inputs", text).Select(Item).Distinct()];

    private static InputFamily Item(string name) =>
        Names.Contains(name) ? Enum.Parse<InputFamily>(name, ignoreCase: true) : throw Nearest.Unknown("input family", name, Names);
}
