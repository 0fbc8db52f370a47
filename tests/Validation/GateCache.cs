using Kernels.Tests.Validation;
using Kernels.Validation;
using Xunit;

[assembly: AssemblyFixture(typeof(GateCache))]

namespace Kernels.Tests.Validation;

/// <summary>The quick cases with their oracle results, computed once for all tests; those of captured inputs where the model was fetched.</summary>
public sealed class GateCache : IDisposable
{
    public ReferenceCache References { get; } = new(Bench.Catalog.References);

    public GateOptions Quick => new() { Cases = GateCases.With(Bench.Catalog.References, GateDepth.Quick), Cache = References };

    public void Dispose() => References.Dispose();
}
