using System.Reflection;
using System.Security.Cryptography;
using Kernels.Abstractions;

namespace Kernels.Validation;

/// <summary>
/// A hash of compiled code. Builds are deterministic, so equal sources give equal module identifiers; a git revision does not cover
/// uncommitted changes.
/// </summary>
public static class BuildIdentity
{
    /// <summary>Of kernels and their contract.</summary>
    public static string Of(IEnumerable<Kernel> kernels) => Of([.. kernels.Select(kernel => kernel.GetType().Module), typeof(Kernel).Module]);

    /// <summary>Of modules, in any order.</summary>
    public static string Of(params IReadOnlyList<Module> modules) =>
        Convert.ToHexStringLower(SHA256.HashData(
            [.. modules.Select(module => module.ModuleVersionId).Distinct().Order().SelectMany(id => id.ToByteArray())]))[..16];
}
