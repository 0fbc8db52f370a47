// What a device can do at most, to set times against: loops of nothing but independent products on registers.
#pragma once
#include "warpgroup.cuh"

#define PEAK_THREADS 256

// 16 chains, so that a multiply-add need not wait for the one before; 8 steps of each an iteration.
DEVICE void peak_of_fma(float* output, int iterations, float factor)
{
    float chains[16];
#pragma unroll
    for (int i = 0; i < 16; i++)
        chains[i] = (float)(thread_x() + i);
#pragma unroll 1
    for (int n = 0; n < iterations; n++)
#pragma unroll
        for (int step = 0; step < 8; step++)
#pragma unroll
            for (int i = 0; i < 16; i++)
                chains[i] = fmaf(chains[i], factor, factor);
    float sum = 0;
#pragma unroll
    for (int i = 0; i < 16; i++)
        sum += chains[i];
    output[(long long)block_x() * PEAK_THREADS + thread_x()] = sum;
}

// 8 sums of 16 × 8, two products added to each an iteration; every number of both factors is a half of `pattern`.
DEVICE void peak_of_mma(float* output, int iterations, unsigned pattern)
{
    float sums[8][4];
#pragma unroll
    for (int i = 0; i < 8; i++)
        sums[i][0] = sums[i][1] = sums[i][2] = sums[i][3] = (float)i;
    unsigned a[4] = {pattern, pattern, pattern, pattern};
#pragma unroll 1
    for (int n = 0; n < iterations; n++)
#pragma unroll
        for (int step = 0; step < 2; step++)
#pragma unroll
            for (int i = 0; i < 8; i++)
                Float16::multiply_add(sums[i], a, pattern, pattern);
    float sum = 0;
#pragma unroll
    for (int i = 0; i < 8; i++)
        sum += sums[i][0] + sums[i][1] + sums[i][2] + sums[i][3];
    output[(long long)block_x() * PEAK_THREADS + thread_x()] = sum;
}

// Two warpgroups, each with a sum of 64 × 128 to which 8 products are added an iteration, all of the same factors: 16 columns of 64 and 128 rows in
// shared memory, filled with `pattern`.
#define PEAK_WGMMA_THREADS (2 * WARPGROUP_THREADS)
#define PEAK_WGMMA_SHARED (128 * 128)

DEVICE void peak_of_wgmma(float* output, int iterations, unsigned pattern)
{
    for (int i = thread_x(); i < PEAK_WGMMA_SHARED / 4; i += PEAK_WGMMA_THREADS)
        ((unsigned*)shared_memory)[i] = pattern;
    show_to_tensor_cores();
    __syncthreads();
    float sums[16][4];
#pragma unroll
    for (int i = 0; i < 16; i++)
        sums[i][0] = sums[i][1] = sums[i][2] = sums[i][3] = (float)i;
    unsigned long long rows = matrix_at(shared_address(shared_memory), 16);
    hold(sums);
    begin_products();
#pragma unroll 1
    for (int n = 0; n < iterations; n++)
#pragma unroll
        for (int step = 0; step < 8; step++)
            multiply_rows(Float16{}, sums, rows, rows, 1);
    commit_products();
    wait_for_products<0>();
    hold(sums);
    float sum = 0;
#pragma unroll
    for (int i = 0; i < 16; i++)
        sum += sums[i][0] + sums[i][1] + sums[i][2] + sums[i][3];
    output[(long long)block_x() * PEAK_WGMMA_THREADS + thread_x()] = sum;
}
