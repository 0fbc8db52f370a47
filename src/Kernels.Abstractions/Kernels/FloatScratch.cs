namespace Kernels.Abstractions;

/// <summary>The plan of a kernel that has one stage, and whose threads need scratch that one span of floats can hold.</summary>
internal static class FloatScratch
{
    public static Plan Plan(string? refusal, int items, long floats) =>
        refusal is not null ? Abstractions.Plan.Refuse(refusal)
        : floats > int.MaxValue
            ? Abstractions.Plan.Refuse($"needs {floats:N0} floats of scratch, more than the {int.MaxValue:N0} that a span holds")
        : new Plan(items) { ThreadBytes = sizeof(float) * floats };
}
