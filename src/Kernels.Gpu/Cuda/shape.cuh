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

// What a block of a grid of (tiles of queries, heads, batch) computes, in dense tensors: queries from first_query on of a head whose queries and
// whose keys begin at these elements, with the keys that some of them see.
struct QueryTile
{
    int first_query, head;
    long long q_offset, kv_offset;
    KeyRange visit;
};

template <int TILE_ROWS, int HEAD_DIM>
DEVICE QueryTile query_tile(const Shape& shape)
{
    // Under a causal mask the last queries see most keys: they start first.
    int first_query = (blocks_x() - 1 - block_x()) * TILE_ROWS;
    int head = block_y();
    int kv_head = head / (shape.heads / shape.kv_heads);
    return {first_query, head, head_offset(block_z(), shape.heads, head, shape.queries, HEAD_DIM),
            head_offset(block_z(), shape.kv_heads, kv_head, shape.keys, HEAD_DIM),
            seen_by_any(shape, first_query, minimum(first_query + TILE_ROWS, shape.queries) - 1)};
}
