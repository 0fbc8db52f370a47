// The two types of 16 bits that tensor cores multiply; sums are float. PTX ISA manual: sections "mma.m16n8k16" and "cvt".
#pragma once
#include "target.cuh"

// The products and roundings of one type, which differ in its name alone.
#define ELEMENT(Name, type)                                                                                                           \
    struct Name                                                                                                                       \
    {                                                                                                                                 \
        /* sum[16×8] += a[16×16] · b[16×8]. Lane l holds of `sum` row l / 4 columns 2 (l % 4) and the next, then those of row l / 4 + 8. */ \
        static MEMBER void multiply_add(float (&sum)[4], const unsigned (&a)[4], unsigned b_low, unsigned b_high)                     \
        {                                                                                                                             \
            asm volatile("mma.sync.aligned.m16n8k16.row.col.f32." type "." type ".f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, " \
                         "{%0, %1, %2, %3};"                                                                                          \
                         : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])                                                     \
                         : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b_low), "r"(b_high));                                      \
        }                                                                                                                             \
                                                                                                                                      \
        /* Two floats, rounded to nearest even, the first in the low bits. */                                                         \
        static MEMBER unsigned pack(float low, float high)                                                                            \
        {                                                                                                                             \
            unsigned packed;                                                                                                          \
            asm("cvt.rn." type "x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));                                            \
            return packed;                                                                                                            \
        }                                                                                                                             \
    };

ELEMENT(Float16, "f16")
ELEMENT(BFloat16, "bf16")

#undef ELEMENT
