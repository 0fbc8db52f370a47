// What is computed: the sizes, and which keys a query sees. CudaShape.cs is the other half of Shape.
#pragma once
#include "target.cuh"

struct Shape
{
    int heads, kv_heads, queries, keys;
    int diagonal, left, right;
    float scale, scale_log2;
};

struct KeyRange
{
    int begin, end;
};

DEVICE int clamp_key(long long key, int keys) { return key < 0 ? 0 : key > keys ? keys : (int)key; }

// The keys begin ≤ key < end that a query sees; none when end ≤ begin. 64 bits, since left and right may be as large as an int.
DEVICE KeyRange visible_keys(const Shape& shape, int query)
{
    long long position = (long long)query + shape.diagonal;
    return {clamp_key(position - shape.left, shape.keys), clamp_key(position + shape.right + 1, shape.keys)};
}

// The keys that some query from first to last sees, and those that all of them see: both ends grow with the query.
DEVICE KeyRange seen_by_any(const Shape& shape, int first, int last)
{
    return {visible_keys(shape, first).begin, visible_keys(shape, last).end};
}

DEVICE KeyRange seen_by_all(const Shape& shape, int first, int last)
{
    return {visible_keys(shape, last).begin, visible_keys(shape, first).end};
}

// The first element of a head in a dense [batch, head, token, channel] tensor.
DEVICE long long head_offset(int batch, int heads, int head, int tokens, int head_dim)
{
    return ((long long)batch * heads + head) * tokens * head_dim;
}
