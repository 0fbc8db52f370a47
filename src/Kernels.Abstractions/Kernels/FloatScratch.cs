namespace Kernels.Abstractions;

/// <summary>Plan of a kernel with one stage, whose scratch fits one span of floats for each thread.</summary>
internal static class FloatScratch
{
    public static Plan Plan(string? refusal, int items, long floats) =>
        refusal is not null ? Abstractions.Plan.Refuse(refusal)
        : floats > int.MaxValue
            ? Abstractions.Plan.Refuse($"needs {floats:N0} floats of scratch, more than the {int.MaxValue:N0} that a span holds")
        : new Plan(items) { ThreadBytes = sizeof(float) * floats };
}
