// As many independent multiply-adds as a device can do: what kernels are compared with. OpenCL C 1.2.
// The host defines VECTOR, a float or a vector of them, and CHAINS, sums of an item that do not wait for each other.

#ifdef FP_FAST_FMAF
#define MULTIPLY_ADD(a, b, c) fma(a, b, c)
#else
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#endif

#define UNROLL _Pragma("unroll")

// result [items]: the sum of all chains, so that nothing can be left out. Chain c of item i starts at i + c.
__kernel void multiply_adds(__global VECTOR *restrict result, int iterations, float factor)
{
    const int item = get_global_id(0);
    VECTOR chain[CHAINS];
    UNROLL for (int c = 0; c < CHAINS; c++)
        chain[c] = (VECTOR)(float)(item + c);
    for (int i = 0; i < iterations; i++)
        UNROLL for (int c = 0; c < CHAINS; c++)
            chain[c] = MULTIPLY_ADD(chain[c], (VECTOR)factor, (VECTOR)factor);
    VECTOR sum = chain[0];
    UNROLL for (int c = 1; c < CHAINS; c++)
        sum += chain[c];
    result[item] = sum;
}
