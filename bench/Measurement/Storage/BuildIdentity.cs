using System.Security.Cryptography;
using Kernels.Abstractions;

namespace Kernels.Bench.Measurement.Storage;

/// <summary>
/// A hash of the compiled kernels: builds are deterministic, so equal sources give equal module identifiers, and a git revision says
/// nothing of changes that were not committed.
/// </summary>
internal static class BuildIdentity
{
    public static string OfKernels()
    {
        IEnumerable<Guid> modules = Catalog.All
            .Select(kernel => kernel.GetType().Module)
            .Append(typeof(AttentionKernel).Module)
            .Select(module => module.ModuleVersionId)
            .Distinct()
            .Order();
        return Convert.ToHexStringLower(SHA256.HashData([.. modules.SelectMany(id => id.ToByteArray())]))[..16];
    }
}
