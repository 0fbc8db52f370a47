using Kernels.Abstractions;
using static Kernels.Bench.Suites.SuiteEntries;

namespace Kernels.Bench.Suites;

/// <summary>
/// Problems for devices: enough heads and tokens to fill one, the models' shapes, and decoding. What is compared with other libraries
/// comes first, so that a short time on a borrowed device suffices for it. The tensors of the largest case are 1 GiB.
/// </summary>
internal static class GpuSuite
{
    public static Suite Suite { get; } = new()
    {
        Name = "gpu",
        Summary = "kernels on devices only: 512 … 16384 tokens of 16 heads, head dimensions 64 and 128, full and causal, models, decoding and gradients",
        Entries =
        [
            .. For(
                new SuiteKernels("gpu-*", "flash-cuda-f*", "flash-cuda-bf16*", "flash-cuda-wgmma-*", "flash-cuda-decode-f*", "flash-cuda-decode-bf16"),
                [
                    .. DeviceEntries("device-first", 8192),
                    .. from entry in Decode(AttentionMask.Causal, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072)
                       select entry with { Threads = SuiteThreads.All },
                    .. DeviceEntries("device", 512, 1024, 2048, 4096, 16384),
                    .. ModelShapes(SuiteThreads.All),
                ]),
            .. For(new SuiteKernels("flash-cuda-lse-*", "flash-cuda-step-*"), [.. DeviceEntries("device-lse", 6144)]),
            // Last, since o and lse of their inputs are computed in float64 on the processor.
            .. For(new SuiteKernels("flash-cuda-backward-*", "flash-cuda-lse-f32", "flash-cuda-lse-f16"), [.. DeviceEntries("device-backward", 1536, 3072)]),
        ],
        CaseTime = TimeSpan.FromSeconds(0.5),
        CaseLimit = TimeSpan.FromSeconds(20),
        Budget = TimeSpan.FromMinutes(15),
    };

    private static IEnumerable<SuiteEntry> DeviceEntries(string name, params int[] lengths) =>
        from length in lengths
        from headDim in new[] { 64, 128 }
        from mask in new[] { AttentionMask.Causal, AttentionMask.Full }
        from entry in Sweep(name, new AttentionProblem(1, 16, 16, 1, 1, headDim), mask, SuiteThreads.All, length)
        select entry;
}
