using Xunit.v3;

namespace Kernels.Tests;

/// <summary>
/// What the class tests does not depend on the vectors of this process, such as text, or what an interpreter, an emulator or a process of
/// another language computes: <c>.ci/run</c> runs it once, and not again with narrower vectors.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RunsOnceAttribute : Attribute, ITraitAttribute
{
    /// <summary>The trait that <c>.ci/run</c> filters by.</summary>
    public const string Name = "Runs", Value = "once";

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new(Name, Value)];
}
