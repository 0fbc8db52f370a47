// The entries that the host launches; CudaEntries.cs says how. Blocks of eng/ptx.sh and of NVRTC start here.
#include "backward_mma.cuh"
#include "backward_tiles.cuh"
#include "decode_mma.cuh"
#include "flash_f32.cuh"
#include "flash_wgmma.cuh"
#include "peak.cuh"

#define ENTRY(threads, ...) extern "C" __global__ void __launch_bounds__(threads, ##__VA_ARGS__)
#define HALVES const unsigned short *q, const unsigned short *k, const unsigned short *v
#define FLOATS const float *q, const float *k, const float *v

// Tiles of keys: as many as fit with the tile of queries into the 99 KiB that a block may have on every device from compute capability 8.0 on.
#define FLOAT_KEYS_D64 64
#define FLOAT_KEYS_D128 32

ENTRY(FLOAT_THREADS) flash_f32_d64(FLOATS, Targets targets, Shape shape) { flash_f32<64, FLOAT_KEYS_D64>(q, k, v, targets, shape); }
ENTRY(FLOAT_THREADS) flash_f32_d128(FLOATS, Targets targets, Shape shape) { flash_f32<128, FLOAT_KEYS_D128>(q, k, v, targets, shape); }

// 32 rows a warp for 64 channels, so that each fragment of keys and values is used twice; for 128 channels the outputs of 16 rows already take
// 64 registers. The ring is as deep as leaves room for two blocks in the 164 KiB of a multiprocessor of compute capability 8.0.
template <class Element>
using MmaTilesD64 = MmaTiles<Element, 64, 64, 4, 2, 3>;
template <class Element>
using MmaTilesD128 = MmaTiles<Element, 128, 64, 4, 1, 2>;

// One warp, and a ring as deep as its loads need to be ahead: it waits for memory alone.
template <class Element>
using DecodeTilesD64 = MmaTiles<Element, 64, 64, 1, 1, 4>;
template <class Element>
using DecodeTilesD128 = MmaTiles<Element, 128, 32, 1, 1, 4>;

#define MMA_ENTRIES(type, Element)                                                                                                    \
    ENTRY(MmaTilesD64<Element>::THREADS) flash_##type##_d64(HALVES, Targets targets, Shape shape)                                     \
    {                                                                                                                                 \
        flash_mma<MmaTilesD64<Element>, 64>(q, k, v, targets, shape);                                                                 \
    }                                                                                                                                 \
    ENTRY(MmaTilesD128<Element>::THREADS) flash_##type##_d128(HALVES, Targets targets, Shape shape)                                   \
    {                                                                                                                                 \
        flash_mma<MmaTilesD128<Element>, 128>(q, k, v, targets, shape);                                                               \
    }                                                                                                                                 \
    ENTRY(DecodeTilesD64<Element>::THREADS) decode_##type##_d64(HALVES, float* partial, Shape shape, int splits)                      \
    {                                                                                                                                 \
        decode_mma<DecodeTilesD64<Element>, 64, 64>(q, k, v, partial, shape, splits);                                                 \
    }                                                                                                                                 \
    ENTRY(DecodeTilesD128<Element>::THREADS) decode_##type##_d128(HALVES, float* partial, Shape shape, int splits)                    \
    {                                                                                                                                 \
        decode_mma<DecodeTilesD128<Element>, 128, 32>(q, k, v, partial, shape, splits);                                               \
    }

MMA_ENTRIES(f16, Float16)
MMA_ENTRIES(bf16, BFloat16)

ENTRY(FLOAT_THREADS) decode_f32_d64(FLOATS, float* partial, Shape shape, int splits)
{
    decode_f32<64, FLOAT_KEYS_D64>(q, k, v, partial, shape, splits);
}

ENTRY(FLOAT_THREADS) decode_f32_d128(FLOATS, float* partial, Shape shape, int splits)
{
    decode_f32<128, FLOAT_KEYS_D128>(q, k, v, partial, shape, splits);
}

ENTRY(COMBINE_THREADS) decode_combine_d64(float* partial, Targets targets, Shape shape, int splits)
{
    decode_combine<64>(partial, targets, shape, splits);
}

ENTRY(COMBINE_THREADS) decode_combine_d128(float* partial, Targets targets, Shape shape, int splits)
{
    decode_combine<128>(partial, targets, shape, splits);
}

// 64 × 64 pairs for 64 channels are 96 KiB of a block. For 128 channels, 32 × 32 leave room for two blocks in the 164 KiB of a multiprocessor of
// compute capability 8.0, and their sums room among 255 registers.
template <bool OF_KEYS>
using FloatBackwardD64 = BackwardTiles<64, 64, 8, OF_KEYS>;
template <bool OF_KEYS>
using FloatBackwardD128 = BackwardTiles<128, 32, 4, OF_KEYS>;

// Rows of a warp as in the forward kernels, and 16 columns at a time, which leave its sums room in registers. Two blocks fit into the 164 KiB of a
// multiprocessor of compute capability 8.0.
template <class Element, bool OF_KEYS>
using MmaBackwardD64 = BackwardMma<Element, 64, 64, 16, 4, 2, 2, OF_KEYS>;
template <class Element, bool OF_KEYS>
using MmaBackwardD128 = BackwardMma<Element, 128, 32, 16, 4, 1, 2, OF_KEYS>;

#define BACKWARD_ENTRIES(name, threads, Number, QueryTiles, KeyTiles)                                                                 \
    ENTRY(threads) backward_queries_##name(const Number* q, const Number* k, const Number* v, const Number* o, const float* lse,      \
                                           const Number* grad_o, float* grad_q, RowStatistics* statistics, Shape shape)               \
    {                                                                                                                                 \
        backward_queries<QueryTiles>(q, k, v, o, lse, grad_o, grad_q, statistics, shape);                                             \
    }                                                                                                                                 \
    ENTRY(threads) backward_keys_##name(const Number* q, const Number* k, const Number* v, const Number* grad_o,                      \
                                        const RowStatistics* statistics, float* grad_k, float* grad_v, Shape shape)                   \
    {                                                                                                                                 \
        backward_keys<KeyTiles>(q, k, v, grad_o, statistics, grad_k, grad_v, shape);                                                  \
    }

#define MMA_BACKWARD_ENTRIES(name, channels, Element)                                                                                 \
    using QueryTiles_##name##_d##channels = MmaBackwardD##channels<Element, false>;                                                   \
    using KeyTiles_##name##_d##channels = MmaBackwardD##channels<Element, true>;                                                      \
    BACKWARD_ENTRIES(name##_d##channels, KeyTiles_##name##_d##channels::THREADS, unsigned short, QueryTiles_##name##_d##channels,     \
                     KeyTiles_##name##_d##channels)

BACKWARD_ENTRIES(f32_d64, FLOAT_THREADS, float, FloatBackwardD64<false>, FloatBackwardD64<true>)
BACKWARD_ENTRIES(f32_d128, FLOAT_THREADS, float, FloatBackwardD128<false>, FloatBackwardD128<true>)
MMA_BACKWARD_ENTRIES(f16, 64, Float16)
MMA_BACKWARD_ENTRIES(f16, 128, Float16)
MMA_BACKWARD_ENTRIES(bf16, 64, BFloat16)
MMA_BACKWARD_ENTRIES(bf16, 128, BFloat16)

ENTRY(PEAK_THREADS) peak_fma(float* output, int iterations, float factor) { peak_of_fma(output, iterations, factor); }
ENTRY(PEAK_THREADS) peak_mma(float* output, int iterations, unsigned pattern) { peak_of_mma(output, iterations, pattern); }

// What follows is machine code of compute capability 9.0 alone, no earlier nor later one.
#if defined(__CUDA_ARCH_FEAT_SM90_ALL)

// Two blocks of a multiprocessor for 64 channels, each of which computes weights while the other waits; for 128 channels one has all registers.
template <class Element>
using WarpgroupTilesD64 = WarpgroupTiles<Element, 64, 128, 1>;
template <class Element>
using WarpgroupTilesD128 = WarpgroupTiles<Element, 128, 128, 2>;

#define WGMMA_ENTRIES(type, Element)                                                                                                  \
    ENTRY(WarpgroupTilesD64<Element>::THREADS, 2) flash_wgmma_##type##_d64(HALVES, Targets targets, Shape shape)                      \
    {                                                                                                                                 \
        flash_wgmma<WarpgroupTilesD64<Element>, 64>(q, k, v, targets, shape);                                                         \
    }                                                                                                                                 \
    ENTRY(WarpgroupTilesD128<Element>::THREADS, 1) flash_wgmma_##type##_d128(HALVES, Targets targets, Shape shape)                    \
    {                                                                                                                                 \
        flash_wgmma<WarpgroupTilesD128<Element>, 128>(q, k, v, targets, shape);                                                       \
    }

WGMMA_ENTRIES(f16, Float16)
WGMMA_ENTRIES(bf16, BFloat16)

ENTRY(PEAK_WGMMA_THREADS) peak_wgmma(float* output, int iterations, unsigned pattern) { peak_of_wgmma(output, iterations, pattern); }

#endif
