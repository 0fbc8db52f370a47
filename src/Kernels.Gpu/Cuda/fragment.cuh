// The softmax of 16 query rows whose scores lie in the lanes of a warp as sums of mma.m16n8k16 and wgmma do: row lane / 4 in numbers 0 and 1,
// row lane / 4 + 8 in 2 and 3, in the columns 2 (lane % 4) and the next of every 8. Four lanes share a row. Sums lie as the next product wants
// its left factor, so scores become weights where they are.
#pragma once
#include "elements.cuh"
#include "row_end.cuh"

// Puts `hidden` in the place of what is not visible. `visible` is of row lane / 4 or lane / 4 + 8, whose numbers are of `half` 0 or 1.
template <int TILES>
DEVICE void hide_invisible(float (&scores)[TILES][4], int half, KeyRange visible, int first_key, float hidden = NEGATIVE_INFINITY)
{
    int first = here(first_key) + lane_of_warp() % 4 * 2;
#pragma unroll
    for (int j = 0; j < TILES; j++)
#pragma unroll
        for (int i = 0; i < 2; i++)
        {
            int key = first + j * 8 + i;
            if (key < visible.begin || key >= visible.end)
                scores[j][half * 2 + i] = hidden;
        }
}

// Makes weights of the scores of one row, sums of products times `scale`, in place; returns the factor for what was summed of it so far.
template <int TILES>
DEVICE float take_weights(float (&scores)[TILES][4], int half, OnlineRow& row, float scale)
{
    float max = row.max;
#pragma unroll
    for (int j = 0; j < TILES; j++)
        max = fmaxf(max, fmaxf(scores[j][half * 2], scores[j][half * 2 + 1]));
    max = max_of_lanes<4>(max);
    // Subtracted before it is multiplied: base · scale would be rounded, by more than any weight can be when scores are huge.
    float base = weight_base(max);
    float rescale = exp2_fast((row.max - base) * scale);
    row.max = max;
    row.sum *= rescale;
#pragma unroll
    for (int j = 0; j < TILES; j++)
    {
        float first = exp2_fast((scores[j][half * 2] - base) * scale), second = exp2_fast((scores[j][half * 2 + 1] - base) * scale);
        scores[j][half * 2] = first;
        scores[j][half * 2 + 1] = second;
        row.sum += first + second;
    }
    return rescale;
}

template <int TILES>
DEVICE void rescale_row(float (&output)[TILES][4], int half, float factor)
{
#pragma unroll
    for (int c = 0; c < TILES; c++)
    {
        output[c][half * 2] *= factor;
        output[c][half * 2 + 1] *= factor;
    }
}

// The left factor of 16 keys: weights in the type of the values.
template <class Element, int TILES>
DEVICE void pack_weights(unsigned (&packed)[4], const float (&weights)[TILES][4], int step)
{
#pragma unroll
    for (int i = 0; i < 4; i++)
    {
        const float(&sums)[4] = weights[2 * step + i / 2];
        packed[i] = Element::pack(sums[i % 2 * 2], sums[i % 2 * 2 + 1]);
    }
}

// The largest score of a row in natural units, of the largest sum.
template <class Element>
DEVICE float natural_max(float max, const Shape& shape) { return max * Element::parts(shape).natural; }
