using Kernels.Abstractions;
using Kernels.Flash.Backward;
using Kernels.Flash.Decode;
using Kernels.Flash.Tiles;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Flash;

/// <summary>The kernels of this project, in the order of the report.</summary>
public static class FlashKernels
{
    /// <summary>All of them; a new kernel is one file and one line here.</summary>
    public static IReadOnlyList<Kernel> All { get; } =
    [
        .. Tiles<Portable>(
            "portable-6x8", "a tile of queries visits blocks of keys in cache; 6×8 scores stay in registers", "naive-online-softmax"),
        .. Tiles<Avx2>("avx2-6x16", "vectors of 8 floats: register tile 6×16", "flash-portable-6x8"),
        .. Tiles<Avx512>("avx512-6x64", "vectors of 16 floats in 32 registers: register tile 6×64", "flash-avx2-6x16"),
        .. Tiles<Avx512Interleaved>(
            "avx512-interleaved", "exponentials of one register tile of scores run among the multiply-adds of the next", "flash-avx512-6x64"),
        .. Decoding<Portable>("portable", "few queries: keys are split among threads; grouped heads read each key once", "flash-portable-6x8"),
        .. Decoding<Avx2>("avx2", "vectors of 8 floats", "flash-decode-portable"),
        .. Decoding<Avx512>("avx512", "vectors of 16 floats in 32 registers: 4 keys × 4 rows of scores at a time", "flash-decode-avx2"),
        new FlashBackward<Portable>(
            "flash-backward-portable", "blocks of keys stay in cache with dK and dV, so scores never leave it; register tiles of 6×8",
            "simd-backward-portable"),
        new FlashBackward<Avx2>("flash-backward-avx2", "vectors of 8 floats: register tiles of 6×16", "flash-backward-portable"),
        new FlashBackward<Avx512>("flash-backward-avx512", "vectors of 16 floats in 32 registers: register tiles of 6×64", "flash-backward-avx2"),
    ];

    /// <summary>The tiles of one instruction set for every operation and format.</summary>
    private static IEnumerable<Kernel> Tiles<TSet>(string tile, string idea, string buildsOn)
        where TSet : struct, IInstructionSet
    {
        string softmax = $"flash-{tile}";
        yield return new Flash<TSet>(softmax, idea, buildsOn, Operations.Softmax, Format.Float32);
        yield return new Flash<TSet>(
            $"flash-lse-{tile}", "also writes the log-sum-exp of each row", softmax, Operations.SoftmaxLse, Format.Float32);
        yield return new Flash<TSet>(
            $"flash-step-{tile}", "joins rows to attention over earlier keys, by the log-sum-exps of both", softmax, Operations.SoftmaxStep,
            Format.Float32);
        yield return new Flash<TSet>(
            $"flash-bf16-{tile}", "bfloat16 keys and values: half the bytes in memory, widened block by block in cache", softmax,
            Operations.Softmax, Format.BFloat16);
        // Fused register tiles turn scores into weights before a bias could be added.
        if (TSet.InterleavedKeys == 0)
            yield return new Flash<TSet>(
                $"flash-alibi-{tile}", "ALiBi computed in cache, slope times distance added to each score; references of near keys",
                softmax, Operations.SoftmaxAlibi,
                Format.Float32);
    }

    /// <summary>Decoding with one instruction set for every operation and format.</summary>
    private static IEnumerable<Kernel> Decoding<TSet>(string width, string idea, string buildsOn)
        where TSet : struct, IInstructionSet
    {
        string softmax = $"flash-decode-{width}";
        yield return new FlashDecode<TSet>(softmax, idea, buildsOn, Operations.Softmax, Format.Float32);
        yield return new FlashDecode<TSet>(
            $"flash-decode-lse-{width}", "also writes the log-sum-exp of each row, from maximum and sum of the joined splits", softmax,
            Operations.SoftmaxLse, Format.Float32);
        yield return new FlashDecode<TSet>(
            $"flash-decode-step-{width}", "joins rows to attention over earlier keys like one more split", softmax,
            Operations.SoftmaxStep, Format.Float32);
        yield return new FlashDecode<TSet>(
            $"flash-decode-bf16-{width}", "bfloat16 keys and values, widened as they are loaded: half the bytes to read", softmax,
            Operations.Softmax, Format.BFloat16);
        yield return new FlashDecode<TSet>(
            $"flash-decode-alibi-{width}", "ALiBi computed in cache, slope times distance added to each score", softmax, Operations.SoftmaxAlibi,
            Format.Float32);
    }
}
