namespace Kernels.Reference;

/// <summary>The input families by what they come from.</summary>
public static class InputFamilies
{
    /// <summary>Those that come from a seed alone, on every machine the same.</summary>
    public static IReadOnlyList<InputFamily> Seeded { get; } = [.. Enum.GetValues<InputFamily>().Where(family => family != InputFamily.Captured)];

    /// <summary>Its name on the command line and in files.</summary>
    public static string Text(this InputFamily family) => family.ToString().ToLowerInvariant();
}
