using Kernels.Tests.Validation;
using Kernels.Validation;
using Xunit;

[assembly: AssemblyFixture(typeof(GateCache))]

namespace Kernels.Tests.Validation;

/// <summary>
/// The quick cases with their oracle results, computed once for all tests; those of captured inputs where the model was fetched. Where the environment
/// names a file, the first run writes its errors of plain float32 there, and later ones read them.
/// </summary>
public sealed class GateCache : IDisposable
{
    private static readonly string? file = Environment.GetEnvironmentVariable("KERNELS_TEST_ERRORS");

    private readonly KeptErrors kept = KeptByAnotherRun ?? KeptErrors.Empty();

    public GateCache() => References = new(Bench.Catalog.References) { Kept = kept };

    public ReferenceCache References { get; }

    public GateOptions Quick => new() { Cases = GateCases.With(Bench.Catalog.References, GateDepth.Quick), Cache = References };

    /// <summary>The errors of plain float32 that an earlier run of the same build wrote; null where there was none.</summary>
    internal static KeptErrors? KeptByAnotherRun { get; } = File.Exists(file) ? KeptErrors.Read(file) : null;

    public void Dispose()
    {
        if (file is not null && KeptByAnotherRun is null)
            kept.Write(file);
        References.Dispose();
    }
}
