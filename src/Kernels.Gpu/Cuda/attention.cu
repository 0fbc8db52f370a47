// The entries that the host launches; CudaEntries.cs says how. Blocks of eng/ptx.sh and of NVRTC start here.
#include "decode_f32.cuh"
#include "flash_f16.cuh"
#include "flash_f32.cuh"
#include "peak.cuh"

// Tiles of keys: as many as fit with the tile of queries into the 99 KiB that a block may have on every device from compute capability 8.0 on.
#define FLOAT_KEYS_D64 64
#define FLOAT_KEYS_D128 32

// 32 rows a warp for 64 channels, so that each fragment of keys and values is used twice; for 128 channels the outputs of 16 rows already take
// 64 registers. The ring is as deep as leaves room for two blocks in the 164 KiB of a multiprocessor of compute capability 8.0.
using HalfTilesD64 = HalfTiles<64, 64, 4, 2, 3>;
using HalfTilesD128 = HalfTiles<128, 64, 4, 1, 2>;

#define ENTRY(threads) extern "C" __global__ void __launch_bounds__(threads)

ENTRY(FLOAT_THREADS) flash_f32_d64(const float* q, const float* k, const float* v, float* output, Shape shape)
{
    flash_f32<64, FLOAT_KEYS_D64>(q, k, v, output, shape);
}

ENTRY(FLOAT_THREADS) flash_f32_d128(const float* q, const float* k, const float* v, float* output, Shape shape)
{
    flash_f32<128, FLOAT_KEYS_D128>(q, k, v, output, shape);
}

ENTRY(HalfTilesD64::THREADS)
flash_f16_d64(const unsigned short* q, const unsigned short* k, const unsigned short* v, float* output, Shape shape)
{
    flash_f16<HalfTilesD64, 64>(q, k, v, output, shape);
}

ENTRY(HalfTilesD128::THREADS)
flash_f16_d128(const unsigned short* q, const unsigned short* k, const unsigned short* v, float* output, Shape shape)
{
    flash_f16<HalfTilesD128, 128>(q, k, v, output, shape);
}

ENTRY(FLOAT_THREADS) decode_f32_d64(const float* q, const float* k, const float* v, float* partial, Shape shape, int splits)
{
    decode_f32<64, FLOAT_KEYS_D64>(q, k, v, partial, shape, splits);
}

ENTRY(FLOAT_THREADS) decode_f32_d128(const float* q, const float* k, const float* v, float* partial, Shape shape, int splits)
{
    decode_f32<128, FLOAT_KEYS_D128>(q, k, v, partial, shape, splits);
}

ENTRY(64) decode_combine_d64(float* partial, float* output, Shape shape, int splits)
{
    decode_combine<64>(partial, output, shape, splits);
}

ENTRY(128) decode_combine_d128(float* partial, float* output, Shape shape, int splits)
{
    decode_combine<128>(partial, output, shape, splits);
}

ENTRY(PEAK_THREADS) peak_fma(float* output, int iterations, float factor) { peak_of_fma(output, iterations, factor); }

ENTRY(PEAK_THREADS) peak_mma(float* output, int iterations, unsigned pattern) { peak_of_mma(output, iterations, pattern); }
