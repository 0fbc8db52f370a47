// What a device can do at most, to set times against: loops of nothing but independent products on registers.
#pragma once
#include "instructions.cuh"

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
                multiply_add(sums[i], a, pattern, pattern);
    float sum = 0;
#pragma unroll
    for (int i = 0; i < 8; i++)
        sum += sums[i][0] + sums[i][1] + sums[i][2] + sums[i][3];
    output[(long long)block_x() * PEAK_THREADS + thread_x()] = sum;
}
