// The two types of 16 bits that tensor cores multiply; sums are float. PTX ISA manual: sections "mma.m16n8k16", "cvt", "mul" and "fma".
#pragma once
#include "shape.cuh"

// The scale of scores in two parts: queries are multiplied by `queries`, twice in one register, without rounding; what sums of products are then
// multiplied by is positive, so that the largest sum has the largest weight, and is given in natural units and in those of powers of 2.
struct ScaleParts
{
    unsigned queries;
    float natural, log2;
};

// The products and roundings of one type, which differ in its name alone.
#define PRODUCTS_OF_TYPE(type)                                                                                                        \
    /* sum[16×8] += a[16×16] · b[16×8]. Lane l holds of `sum` row l / 4 columns 2 (l % 4) and the next, then those of row l / 4 + 8. */ \
    static MEMBER void multiply_add(float (&sum)[4], const unsigned (&a)[4], unsigned b_low, unsigned b_high)                         \
    {                                                                                                                                 \
        asm volatile("mma.sync.aligned.m16n8k16.row.col.f32." type "." type ".f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "     \
                     "{%0, %1, %2, %3};"                                                                                              \
                     : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])                                                         \
                     : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b_low), "r"(b_high));                                          \
    }                                                                                                                                 \
                                                                                                                                      \
    /* Two floats, rounded to nearest even, the first in the low bits. */                                                             \
    static MEMBER unsigned pack(float low, float high)                                                                                \
    {                                                                                                                                 \
        unsigned packed;                                                                                                              \
        asm("cvt.rn." type "x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));                                                \
        return packed;                                                                                                                \
    }

struct Float16
{
    PRODUCTS_OF_TYPE("f16")

    // The two numbers of a register, the first from the low bits.
    static MEMBER float2 unpack(unsigned packed)
    {
        float2 numbers;
        asm("cvt.f32.f16 %0, %1;" : "=f"(numbers.x) : "h"((unsigned short)packed));
        asm("cvt.f32.f16 %0, %1;" : "=f"(numbers.y) : "h"((unsigned short)here((int)(packed >> 16))));
        return numbers;
    }

    // The sign alone: a power of 2 could make a small half smaller than it can be without rounding, and sums of halves cannot overflow.
    static MEMBER ScaleParts parts(const Shape& shape)
    {
        return shape.scale > 0 ? ScaleParts{0x3c003c00u, shape.scale, shape.scale_log2}
            : shape.scale < 0 ? ScaleParts{0xbc00bc00u, -shape.scale, -shape.scale_log2}
                              : ScaleParts{0, 1, 1};
    }

    static MEMBER unsigned multiply(unsigned a, unsigned b)
    {
        unsigned product;
        asm("mul.rn.f16x2 %0, %1, %2;" : "=r"(product) : "r"(a), "r"(b));
        return product;
    }
};

struct BFloat16
{
    PRODUCTS_OF_TYPE("bf16")

    static MEMBER float2 unpack(unsigned packed) { return {float_of(packed << 16), float_of(packed & 0xffff0000u)}; }

    // The sign, and the scale's power of 2 where that is less than 1: sums of products as large as a float would overflow without it.
    static MEMBER ScaleParts parts(const Shape& shape)
    {
        if (shape.scale == 0)
            return {0, 1, 1};
        float sign = shape.scale < 0 ? -1.0f : 1.0f, magnitude = sign * shape.scale;
        // From 2⁻¹⁶ on, which is a scale of more than 2³² channels.
        float power = fmaxf(float_of(bits_of(magnitude) & 0x7f800000u), 1.0f / 65536);
        power = power > 1 ? 1 : power;
        unsigned half = bits_of(sign * power) >> 16;
        return {half << 16 | half, magnitude / power, sign * shape.scale_log2 / power};
    }

    static MEMBER unsigned multiply(unsigned a, unsigned b)
    {
        unsigned product;
        // Multiplied and −0 added, which changes nothing: compute capability 8.0 has no product alone.
        asm("fma.rn.bf16x2 %0, %1, %2, %3;" : "=r"(product) : "r"(a), "r"(b), "r"(0x80008000u));
        return product;
    }
};

#undef PRODUCTS_OF_TYPE
