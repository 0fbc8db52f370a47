using System.Security.Cryptography;
using Kernels.Abstractions;

namespace Kernels.Measurement.Runs;

/// <summary>
/// A hash of the compiled kernels. Builds are deterministic, so equal sources give equal module identifiers; a git revision does not cover
/// uncommitted changes.
/// </summary>
internal static class BuildIdentity
{
    public static string Of(IEnumerable<Kernel> catalog)
    {
        IEnumerable<Guid> modules = catalog
            .Select(kernel => kernel.GetType().Module)
            .Append(typeof(Kernel).Module)
            .Select(module => module.ModuleVersionId)
            .Distinct()
            .Order();
        return Convert.ToHexStringLower(SHA256.HashData([.. modules.SelectMany(id => id.ToByteArray())]))[..16];
    }
}
