using Kernels.Abstractions;
using Kernels.Flash;
using Xunit;

namespace Kernels.Tests.Flash;

/// <summary>The forward kernels of Kernels.Flash in float32, by what they take; the gate alone knows what other formats may lose.</summary>
internal static class FlashNames
{
    private const string DecodePrefix = "flash-decode-";

    /// <summary>Those that take any number of queries.</summary>
    public static TheoryData<string> AnyQueries => Named(name => !name.StartsWith(DecodePrefix, StringComparison.Ordinal));

    /// <summary>Those for few queries.</summary>
    public static TheoryData<string> Decode => Named(name => name.StartsWith(DecodePrefix, StringComparison.Ordinal));

    private static TheoryData<string> Named(Func<string, bool> wanted) =>
        [.. FlashKernels.All.Where(kernel => kernel.Info.Format == Format.Float32 && !kernel.Info.Operation.IsGradient)
            .Select(kernel => kernel.Info.Name).Where(wanted)];
}
