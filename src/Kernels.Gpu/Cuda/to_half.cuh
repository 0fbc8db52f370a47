// float to half for the tensor-core kernels: rounded to nearest even, beyond 65504 infinite.
#pragma once
#include "instructions.cuh"

#define TO_HALF_THREADS 256

// Four numbers a thread; pointers aligned to 16 and 8 bytes.
DEVICE void convert_to_half(const float* source, unsigned short* target, long long count)
{
    long long first = ((long long)block_x() * TO_HALF_THREADS + thread_x()) * 4;
    if (first + 4 <= count)
    {
        float4 x = *(const float4*)(source + first);
        *(uint2*)(target + first) = {pack_halves(x.x, x.y), pack_halves(x.z, x.w)};
    }
    else
        for (long long i = first; i < count; i++)
            target[i] = to_half_bits(source[i]);
}
