using System.Runtime.CompilerServices;

namespace Kernels.Measurement.Disassembly;

/// <summary>A method whose listing says that what follows is compiled while a kernel runs.</summary>
public static class ListingMark
{
    /// <summary>The JIT's name of <see cref="Begin"/>.</summary>
    public static readonly string Name = $"{typeof(ListingMark).FullName}:{nameof(Begin)}()";

    /// <summary>Called for the first time right before the kernel.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Begin()
    {
    }
}
