// How a row ends: normalised, and where wanted with its log-sum-exp, or joined to attention over earlier keys (Liu et al. 2023, Ring Attention,
// section 3.1).
#pragma once
#include "softmax.cuh"

#define LN_2 0.693147180559945f
#define LOG2_E 1.44269504088896f

// Where rows go; CudaTargets.cs is the other half. output [batch, head, query, channel]; lse [batch, head, query] in natural units, null for none.
// With `joins`, both hold attention over earlier keys before, and over these too after. With `rounds`, which entries with inputs of 16 bits know and
// never have with `joins`, output has the type of the inputs.
struct Targets
{
    float* output;
    float* lse;
    int joins, rounds;
};

DEVICE long long row_index(const Shape& shape, int batch, int head, int query)
{
    return ((long long)batch * shape.heads + head) * shape.queries + query;
}

// What becomes of one row: output = keep · old output + factor · sum of weighted values, unless it is left as it is.
struct RowEnd
{
    float keep, factor, lse;
    bool unchanged;
};

// `max` is the largest score in natural units, and `sum` that of the weights relative to it.
DEVICE RowEnd end_row(const Targets& targets, long long row, KeyRange visible, float max, float sum)
{
    bool sees = visible.begin < visible.end;
    if (targets.joins == 0)
        return {0, sees ? 1.0f / sum : 0.0f, sees ? fmaf(log2_fast(sum), LN_2, weight_base(max)) : NEGATIVE_INFINITY, false};
    if (!sees)
        return {1, 0, 0, true};
    float old = targets.lse[row];
    float base = weight_base(fmaxf(old, max));
    float old_weight = exp2_fast((old - base) * LOG2_E), weight = exp2_fast((max - base) * LOG2_E);
    float total = fmaf(weight, sum, old_weight);
    return {old_weight / total, weight / total, fmaf(log2_fast(total), LN_2, base), false};
}

// The same of the rows of a warp, whose lanes take part together, those without a row too: lanes that share a row have all read its old log-sum-exp
// before one of them replaces it.
DEVICE RowEnd end_rows(const Targets& targets, const Shape& shape, int head, int query, float max, float sum)
{
    RowEnd end = {1, 0, 0, true};
    if (query < shape.queries)
        end = end_row(targets, row_index(shape, block_z(), head, query), visible_keys(shape, query), max, sum);
    __syncwarp();
    return end;
}

DEVICE float4 end_chunk(const RowEnd& end, float4 sum, const float4* old)
{
    float4 kept = {0, 0, 0, 0};
    if (end.keep != 0)
        kept = *old;
    return {fmaf(end.keep, kept.x, sum.x * end.factor), fmaf(end.keep, kept.y, sum.y * end.factor),
            fmaf(end.keep, kept.z, sum.z * end.factor), fmaf(end.keep, kept.w, sum.w * end.factor)};
}
