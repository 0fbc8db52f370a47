// The softmax of one row, taken a tile of keys at a time (Milakov & Gimelshein 2018; Dao et al. 2022, section 3.1). Scores are powers of 2.
#pragma once
#include "instructions.cuh"
#include "shape.cuh"

struct OnlineRow
{
    float max; // of the scores seen so far, by all lanes that share the row
    float sum; // of the weights that this lane computed, relative to max
};

DEVICE OnlineRow empty_row() { return {NEGATIVE_INFINITY, 0}; }

// What weights are relative to: the maximum, or 0 where no key was seen, since −∞ − −∞ would be NaN.
DEVICE float weight_base(float max) { return max == NEGATIVE_INFINITY ? 0.0f : max; }

// Reduces over LANES neighbouring lanes, a power of 2; each gets the result.
template <int LANES>
DEVICE float max_of_lanes(float value)
{
#pragma unroll
    for (int distance = LANES / 2; distance > 0; distance /= 2)
        value = fmaxf(value, shuffle_xor(value, distance));
    return value;
}

template <int LANES>
DEVICE float sum_of_lanes(float value)
{
#pragma unroll
    for (int distance = LANES / 2; distance > 0; distance /= 2)
        value += shuffle_xor(value, distance);
    return value;
}
