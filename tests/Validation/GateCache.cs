using Kernels.Tests.Validation;
using Kernels.Validation;
using Xunit;

[assembly: AssemblyFixture(typeof(GateCache))]

namespace Kernels.Tests.Validation;

/// <summary>The quick cases with their oracle results, computed once for all tests.</summary>
public sealed class GateCache : IDisposable
{
    public ReferenceCache References { get; } = new();

    public GateOptions Quick => new() { Cases = GateCases.Of(GateDepth.Quick), Cache = References };

    public void Dispose() => References.Dispose();
}
