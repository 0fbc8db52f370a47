// The instructions that C++ has no words for, one function each. PTX ISA manual: sections "cp.async", "ldmatrix", "shfl.sync", "ex2"
// and "lg2".
#pragma once
#include "target.cuh"

// The same number, of which the compiler forgets what it knows: what depends on it is computed here, each time, and not once before a loop
// where its results would take registers that are needed for sums.
DEVICE int here(int number)
{
    asm volatile("" : "+r"(number));
    return number;
}

DEVICE unsigned bits_of(float number)
{
    unsigned bits;
    asm("mov.b32 %0, %1;" : "=r"(bits) : "f"(number));
    return bits;
}

DEVICE float float_of(unsigned bits)
{
    float number;
    asm("mov.b32 %0, %1;" : "=f"(number) : "r"(bits));
    return number;
}

// Starts to copy 16 bytes to shared memory, both addresses aligned to 16. Only the first `bytes` are read, the others become zero.
DEVICE void copy_async(unsigned shared_target, const void* source, int bytes)
{
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_target), "l"(source), "r"(bytes) : "memory");
}

// The same of 8 bytes, with addresses aligned to 8.
DEVICE void copy_async_8(unsigned shared_target, const void* source, int bytes)
{
    asm volatile("cp.async.ca.shared.global [%0], [%1], 8, %2;" ::"r"(shared_target), "l"(source), "r"(bytes) : "memory");
}

// Makes one group of the copies that this thread has started since the last call; it may be empty.
DEVICE void commit_copies() { asm volatile("cp.async.commit_group;" ::: "memory"); }

// Waits for all groups of this thread but the latest PENDING. Other threads see the bytes only after a barrier.
template <int PENDING>
DEVICE void wait_for_copies() { asm volatile("cp.async.wait_group %0;" ::"n"(PENDING) : "memory"); }

// Four 8×8 matrices of halves. Lane l gives the address of row l % 8 of matrix l / 8, and gets of each matrix row l / 4, columns 2 (l % 4)
// and the next.
DEVICE void load_matrices(unsigned (&fragment)[4], unsigned shared_row)
{
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(fragment[0]), "=r"(fragment[1]), "=r"(fragment[2]), "=r"(fragment[3])
                 : "r"(shared_row)
                 : "memory");
}

// The same, each matrix transposed: lane l gets column l / 4, rows 2 (l % 4) and the next.
DEVICE void load_matrices_transposed(unsigned (&fragment)[4], unsigned shared_row)
{
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(fragment[0]), "=r"(fragment[1]), "=r"(fragment[2]), "=r"(fragment[3])
                 : "r"(shared_row)
                 : "memory");
}

// 2^x: 2 units in the last place, and zero for what would be subnormal.
DEVICE float exp2_fast(float x)
{
    float power;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(power) : "f"(x));
    return power;
}

// log₂ x: an absolute error of 2⁻²² for x from 1/2 to 2, elsewhere a relative one; −∞ for zero and what is subnormal.
DEVICE float log2_fast(float x)
{
    float logarithm;
    asm("lg2.approx.ftz.f32 %0, %1;" : "=f"(logarithm) : "f"(x));
    return logarithm;
}

// The value of the lane whose number differs from this one in the bits of `lanes`.
DEVICE float shuffle_xor(float value, int lanes)
{
    float other;
    asm volatile("shfl.sync.bfly.b32 %0, %1, %2, 31, -1;" : "=f"(other) : "f"(value), "r"(lanes));
    return other;
}
