// How rows whose numbers lie in the lanes of a warp, as fragment.cuh has them, are ended and written.
#pragma once
#include "fragment.cuh"

// Four lanes that hold four words each: afterwards lane l has word l of every one of them, in their order.
DEVICE void transpose_of_four(unsigned (&words)[4])
{
#pragma unroll
    for (int distance = 1; distance < 4; distance *= 2)
#pragma unroll
        for (int i = 0; i < 4; i++)
        {
            if ((i & distance) != 0)
                continue;
            bool upper = (lane_of_warp() & distance) != 0;
            unsigned &low = words[i], &high = words[i + distance];
            unsigned got = bits_of(shuffle_xor(float_of(upper ? low : high), distance));
            low = upper ? got : low;
            high = upper ? high : got;
        }
}

// In the type of the inputs, rounded to nearest even: 16 bytes a store, for which the lanes of a row exchange pairs of neighbours.
template <class Element, int TILES>
DEVICE void store_rounded(unsigned short* row, const RowEnd& end, const float (&sums)[TILES][4], int half)
{
    uint4* chunks = (uint4*)row + lane_of_warp() % 4;
#pragma unroll
    for (int c = 0; c < TILES; c += 4)
    {
        unsigned pairs[4];
#pragma unroll
        for (int i = 0; i < 4; i++)
            pairs[i] = Element::pack(sums[c + i][half * 2] * end.factor, sums[c + i][half * 2 + 1] * end.factor);
        transpose_of_four(pairs);
        if (!end.unchanged)
            chunks[c] = {pairs[0], pairs[1], pairs[2], pairs[3]};
    }
}

template <int TILES>
DEVICE void store_floats(float* row, const RowEnd& end, const float (&sums)[TILES][4], int half)
{
    if (end.unchanged)
        return;
    float2* pairs = (float2*)row + lane_of_warp() % 4;
#pragma unroll
    for (int c = 0; c < TILES; c++)
    {
        float2 old = {0, 0};
        if (end.keep != 0)
            old = pairs[c * 4];
        pairs[c * 4] = {fmaf(end.keep, old.x, sums[c][half * 2] * end.factor), fmaf(end.keep, old.y, sums[c][half * 2 + 1] * end.factor)};
    }
}

// Ends the row of a lane's numbers of `half`. All lanes of the warp take part together, those without a row too.
template <class Element, int TILES>
DEVICE void store_row(
    const Targets& targets, const Shape& shape, int head, int query, const float (&sums)[TILES][4], int half, const OnlineRow& of_lane)
{
    constexpr int HEAD_DIM = TILES * 8;
    float sum = sum_of_lanes<4>(of_lane.sum);
    RowEnd end = end_rows(targets, shape, head, query, natural_max<Element>(of_lane.max, shape), sum);
    long long row = row_index(shape, block_z(), head, query);
    if (targets.rounds != 0)
        store_rounded<Element>((unsigned short*)targets.output + row * HEAD_DIM, end, sums, half);
    else
        store_floats(targets.output + row * HEAD_DIM, end, sums, half);
    if (!end.unchanged && targets.lse != nullptr && lane_of_warp() % 4 == 0)
        targets.lse[row] = end.lse;
}
