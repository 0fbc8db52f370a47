using System.Runtime.CompilerServices;

namespace Kernels.Measurement.Disassembly;

/// <summary>A method whose listing marks the start of the kernel: later listings are of code compiled while it runs.</summary>
public static class ListingMark
{
    /// <summary>The JIT's name of <see cref="Begin"/>.</summary>
    public static readonly string Name = $"{typeof(ListingMark).FullName}:{nameof(Begin)}()";

    /// <summary>Called first immediately before the kernel.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Begin()
    {
    }
}
