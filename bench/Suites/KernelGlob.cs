using System.IO.Enumeration;
using Kernels.Abstractions;

namespace Kernels.Bench.Suites;

/// <summary>Names of kernels with <c>*</c> for any letters and <c>?</c> for one.</summary>
internal static class KernelGlob
{
    /// <summary>Whether a glob matches a kernel's name, ignoring case.</summary>
    public static bool Matches(string pattern, Kernel kernel) =>
        FileSystemName.MatchesSimpleExpression(pattern, kernel.Info.Name, ignoreCase: true);
}
