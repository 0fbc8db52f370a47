// The instructions that C++ has no words for, one function each. PTX ISA manual: sections "cp.async", "ldmatrix", "mma.m16n8k16", "shfl.sync",
// "ex2" and "cvt".
#pragma once
#include "target.cuh"

// The same number, of which the compiler forgets what it knows: what depends on it is computed here, each time, and not once before a loop
// where its results would take registers that are needed for sums.
DEVICE int here(int number)
{
    asm volatile("" : "+r"(number));
    return number;
}

// Starts to copy 16 bytes to shared memory, both addresses aligned to 16. Only the first `bytes` are read, the others become zero.
DEVICE void copy_async(unsigned shared_target, const void* source, int bytes)
{
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(shared_target), "l"(source), "r"(bytes) : "memory");
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

// sum[16×8] += a[16×16] · b[16×8], halves in, float sums. Lane l holds of `sum` row l / 4 columns 2 (l % 4) and the next, then the same
// columns of row l / 4 + 8.
DEVICE void multiply_add(float (&sum)[4], const unsigned (&a)[4], unsigned b_low, unsigned b_high)
{
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
                 : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
                 : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b_low), "r"(b_high));
}

// 2^x: 2 units in the last place, and zero for what would be subnormal.
DEVICE float exp2_fast(float x)
{
    float power;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(power) : "f"(x));
    return power;
}

// The value of the lane whose number differs from this one in the bits of `lanes`.
DEVICE float shuffle_xor(float value, int lanes)
{
    float other;
    asm volatile("shfl.sync.bfly.b32 %0, %1, %2, 31, -1;" : "=f"(other) : "f"(value), "r"(lanes));
    return other;
}

// Two floats as halves, to nearest even, the first in the low bits.
DEVICE unsigned pack_halves(float low, float high)
{
    unsigned packed;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
    return packed;
}

// Two products of halves.
DEVICE unsigned multiply_halves(unsigned a, unsigned b)
{
    unsigned product;
    asm("mul.rn.f16x2 %0, %1, %2;" : "=r"(product) : "r"(a), "r"(b));
    return product;
}
