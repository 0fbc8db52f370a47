// Products of a warpgroup, four warps whose tensor cores read factors from shared memory by themselves and work while the warps go on
// (compute capability 9.0). PTX ISA manual: "Asynchronous Warpgroup Level Matrix Multiply-Accumulate Instructions".
//
// sums[64 × N]: warp w has rows 16 w … 16 w + 15, in its lanes as mma.m16n8k16 has them. Between start and wait neither the sums nor a left factor
// in registers may be touched.
#pragma once
#include "elements.cuh"

#define WARPGROUP_THREADS 128

// Makes what this thread wrote or copied to shared memory visible to the tensor cores; a barrier after it makes it so for all threads' writes.
DEVICE void show_to_tensor_cores() { asm volatile("fence.proxy.async.shared::cta;" ::: "memory"); }

// Orders the products started next after what was written to registers before.
DEVICE void begin_products() { asm volatile("wgmma.fence.sync.aligned;" ::: "memory"); }

// Makes one group of the products started since the last call.
DEVICE void commit_products() { asm volatile("wgmma.commit_group.sync.aligned;" ::: "memory"); }

// Waits for all groups but the latest PENDING.
template <int PENDING>
DEVICE void wait_for_products() { asm volatile("wgmma.wait_group.sync.aligned %0;" ::"n"(PENDING) : "memory"); }

// Where a matrix lies, for the tensor cores: rows of 128 bytes in groups of eight, their chunks exchanged as in tile.cuh, from an address that is
// a multiple of 1024 but for a step along the rows; panel_bytes from 64 columns to the next 64, where columns are not what is summed over.
DEVICE unsigned long long matrix_at(unsigned shared_address, int panel_bytes)
{
    unsigned long long swizzle_of_128_bytes = 1ull << 62, bytes_of_8_rows = 1024ull >> 4 << 32;
    return swizzle_of_128_bytes | bytes_of_8_rows | (unsigned long long)(panel_bytes >> 4) << 16 | (shared_address & 0x3ffff) >> 4;
}

#define SUMS_4(s, i) "+f"(s[i][0]), "+f"(s[i][1]), "+f"(s[i][2]), "+f"(s[i][3])
#define SUMS_32(s, i)                                                                                                                 \
    SUMS_4(s, i), SUMS_4(s, i + 1), SUMS_4(s, i + 2), SUMS_4(s, i + 3), SUMS_4(s, i + 4), SUMS_4(s, i + 5), SUMS_4(s, i + 6), SUMS_4(s, i + 7)
#define NAMES_32                                                                                                                      \
    "%0, %1, %2, %3, %4, %5, %6, %7, %8, %9, %10, %11, %12, %13, %14, %15, "                                                          \
    "%16, %17, %18, %19, %20, %21, %22, %23, %24, %25, %26, %27, %28, %29, %30, %31"
#define NAMES_64                                                                                                                      \
    NAMES_32 ", %32, %33, %34, %35, %36, %37, %38, %39, %40, %41, %42, %43, %44, %45, %46, %47, "                                     \
             "%48, %49, %50, %51, %52, %53, %54, %55, %56, %57, %58, %59, %60, %61, %62, %63"

// The compiler forgets the sums here: what uses them is computed after, and what makes them before.
DEVICE void hold(float (&s)[8][4]) { asm volatile("" : SUMS_32(s, 0)::"memory"); }
DEVICE void hold(float (&s)[16][4]) { asm volatile("" : SUMS_32(s, 0), SUMS_32(s, 8)::"memory"); }

// Starts sums = a[64×16] · b[N×16]ᵀ, or adds it; rows of both in shared memory. Starts sums += a[64×16] · b[16×N], a in registers as for
// mma.m16n8k16.
#define PRODUCTS(Element, type, N, TILES, NAMES, SUMS, first, second, third, fourth, fifth)                                           \
    DEVICE void multiply_rows(Element, float (&s)[TILES][4], unsigned long long a, unsigned long long b, int adds)                    \
    {                                                                                                                                 \
        asm volatile("{\n.reg .pred adds;\nsetp.ne.b32 adds, %" third ", 0;\nwgmma.mma_async.sync.aligned.m64n" N "k16.f32." type "." type \
                     " {" NAMES "}, %" first ", %" second ", adds, 1, 1, 0, 0;\n}"                                                    \
                     : SUMS                                                                                                           \
                     : "l"(a), "l"(b), "r"(adds));                                                                                    \
    }                                                                                                                                 \
                                                                                                                                      \
    DEVICE void multiply_columns(Element, float (&s)[TILES][4], const unsigned (&a)[4], unsigned long long b)                         \
    {                                                                                                                                 \
        asm volatile("{\n.reg .pred adds;\nsetp.eq.b32 adds, 0, 0;\nwgmma.mma_async.sync.aligned.m64n" N "k16.f32." type "." type     \
                     " {" NAMES "}, {%" first ", %" second ", %" third ", %" fourth "}, %" fifth ", adds, 1, 1, 1;\n}"                \
                     : SUMS                                                                                                           \
                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "l"(b));                                                           \
    }

#define PRODUCTS_OF(Element, type)                                                                                                    \
    PRODUCTS(Element, type, "64", 8, NAMES_32, SUMS_32(s, 0), "32", "33", "34", "35", "36")                                           \
    PRODUCTS(Element, type, "128", 16, NAMES_64, SUMS_32(s, 0) AND SUMS_32(s, 8), "64", "65", "66", "67", "68")
#define AND ,

PRODUCTS_OF(Float16, "f16")
PRODUCTS_OF(BFloat16, "bf16")
