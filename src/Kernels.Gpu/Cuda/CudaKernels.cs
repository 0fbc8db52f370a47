using Kernels.Abstractions;

namespace Kernels.Gpu.Cuda;

/// <summary>The CUDA kernels of this project, in the order of the report.</summary>
internal static class CudaKernels
{
    private const string FlashAttention2 = "Dao 2023, FlashAttention-2, section 3.1";
    private const string FlashAttention3 = "Shah et al. 2024, FlashAttention-3, section 3.2";
    private const string FlashDecoding = "Dao et al. 2023, Flash-Decoding for long-context inference";

    /// <summary>All of them on one device.</summary>
    public static IEnumerable<Kernel> On(CudaRuntime runtime) =>
    [
        .. Flash(
            runtime, "f32", "CUDA C: a block of threads takes a tile of queries, scores stay in registers, float32 throughout", "flash-portable-6x8",
            FlashAttention2, Format.Float32, CudaEntries.FlashF32),
        .. Flash(
            runtime, "f16", "tensor cores: half inputs and float32 sums, tiles copied to shared memory ahead of their use", "flash-cuda-f32",
            FlashAttention2, Format.Float16, headDim => CudaEntries.FlashMma(Element.Float16, headDim)),
        .. Flash(
            runtime, "wgmma-f16", "tensor cores that read shared memory by themselves: weights of a tile are computed during the products of two others",
            "flash-cuda-f16", FlashAttention3, Format.Float16, headDim => CudaEntries.FlashWgmma(Element.Float16, headDim), CudaEntries.Warpgroups),
        .. Flash(
            runtime, "bf16", "bfloat16 inputs and weights", "flash-cuda-f16", FlashAttention2, Format.BFloat16,
            headDim => CudaEntries.FlashMma(Element.BFloat16, headDim)),
        .. Flash(
            runtime, "wgmma-bf16", "bfloat16 inputs and weights", "flash-cuda-wgmma-f16", FlashAttention3, Format.BFloat16,
            headDim => CudaEntries.FlashWgmma(Element.BFloat16, headDim), CudaEntries.Warpgroups),
        .. Rounded(runtime, "f16", Format.Float16, CudaEntries.FlashMma),
        .. Rounded(runtime, "wgmma-f16", Format.Float16, CudaEntries.FlashWgmma, CudaEntries.Warpgroups),
        .. Rounded(runtime, "bf16", Format.BFloat16, CudaEntries.FlashMma),
        .. Rounded(runtime, "wgmma-bf16", Format.BFloat16, CudaEntries.FlashWgmma, CudaEntries.Warpgroups),
        .. Decoding(
            runtime, "f32", "few queries: keys are split among blocks, grouped heads read each key once", "flash-cuda-f32", Format.Float32),
        .. Decoding(
            runtime, "f16", "half keys and values, a warp by itself: the heads of a group are the rows of one product", "flash-cuda-decode-f32",
            Format.Float16),
        .. Decoding(runtime, "bf16", "bfloat16 keys, values and weights", "flash-cuda-decode-f16", Format.BFloat16),
        Backward(
            runtime, "f32", "CUDA C: blocks of queries sum dQ, blocks of keys dK and dV, so that no sum needs an atomic", "flash-backward-portable",
            Format.Float32),
        Backward(
            runtime, "f16", "tensor cores: half inputs, weights and gradients of scores, which stay in registers from one product to the next",
            "flash-cuda-backward-f32", Format.Float16),
        Backward(runtime, "bf16", "bfloat16 inputs, weights and gradients of scores", "flash-cuda-backward-f16", Format.BFloat16),
    ];

    private static IEnumerable<Kernel> Flash(
        CudaRuntime runtime, string tile, string idea, string buildsOn, string source, Format format, Func<int, CudaEntry> entry,
        Version? only = null) =>
        ForEachOperation("flash-cuda", tile, idea, buildsOn, source, format).Select(info => new CudaFlash(runtime, info, entry, only));

    /// <summary>The same entries with outputs in the type of the inputs; a step, which reads its output again, keeps float32.</summary>
    private static IEnumerable<Kernel> Rounded(
        CudaRuntime runtime, string tile, Format format, Func<Element, int, CudaEntry> entry, Version? only = null) =>
        Flash(
            runtime, $"{tile}-out16", "outputs in the type of the inputs, rounded once, 16 bytes a store", $"flash-cuda-{tile}",
            only is null ? FlashAttention2 : FlashAttention3, format with { Output = format.Input }, headDim => entry(format.Input, headDim), only)
        .Where(kernel => kernel.Info.Operation is not SoftmaxStep);

    private static IEnumerable<Kernel> Decoding(CudaRuntime runtime, string tile, string idea, string buildsOn, Format format) =>
        ForEachOperation("flash-cuda-decode", tile, idea, buildsOn, FlashDecoding, format).Select(info => new CudaDecode(runtime, info));

    private static CudaBackward Backward(CudaRuntime runtime, string tile, string idea, string buildsOn, Format format) => new(
        runtime,
        new($"flash-cuda-backward-{tile}", idea, Operations.SoftmaxBackward)
        {
            BuildsOn = buildsOn,
            Source = $"{FlashAttention2}, algorithm 2",
            Format = format,
            Products = format.Input,
        });

    /// <summary>The same entry for softmax attention, with the log-sum-exp, and as a step.</summary>
    private static IEnumerable<KernelInfo> ForEachOperation(
        string family, string tile, string idea, string buildsOn, string source, Format format)
    {
        KernelInfo softmax = new($"{family}-{tile}", idea, Operations.Softmax)
        {
            BuildsOn = buildsOn,
            Source = source,
            Format = format,
            Products = format.Input,
        };
        yield return softmax;
        yield return softmax with
        {
            Name = $"{family}-lse-{tile}",
            Idea = "also writes the log-sum-exp of each row",
            Operation = Operations.SoftmaxLse,
            BuildsOn = softmax.Name,
        };
        yield return softmax with
        {
            Name = $"{family}-step-{tile}",
            Idea = "joins rows to attention over earlier keys, by the log-sum-exps of both",
            Operation = Operations.SoftmaxStep,
            BuildsOn = softmax.Name,
        };
    }
}
