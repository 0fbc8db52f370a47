// Attention of few queries over many keys (flash-decoding: Dao, Haziza, Massa & Sizov 2023): the keys are split among blocks, since one block a
// head would leave most of a device idle; a second kernel joins the parts. It waits for memory, so one block serves all query heads of its kv
// head and keys and values are read once.
#pragma once
#include "float_tiles.cuh"

// The partial outputs [batch, head, query, split, HEAD_DIM], then their {largest score in natural units, sum} [batch, head, query, split].
struct Partials
{
    float* outputs;
    float2* statistics;
};

template <int HEAD_DIM>
DEVICE Partials partials_of(float* memory, const Shape& shape, int batches, int splits)
{
    long long parts = (long long)batches * shape.heads * shape.queries * splits;
    return {memory, (float2*)(memory + parts * HEAD_DIM)};
}

DEVICE long long first_part(const Shape& shape, int batch, int head, int query, int splits)
{
    return (((long long)batch * shape.heads + head) * shape.queries + query) * splits;
}

// The keys of one of several splits of equal length, whole tiles but for the last.
DEVICE KeyRange split_keys(KeyRange all, int split, int splits, int tile_keys)
{
    int length = all.end - all.begin;
    int share = (length > 0 ? (length - 1) / splits + 1 : 0);
    share = (share + tile_keys - 1) / tile_keys * tile_keys;
    long long begin = all.begin + (long long)split * share;
    return {(int)(begin < all.end ? begin : all.end), (int)(begin + share < all.end ? begin + share : all.end)};
}

// What a block of a grid of (splits, tiles of rows of every kv head, batch) computes: these rows with these keys, of a kv head that begins at this
// element.
struct DecodeBlock
{
    RowMap map;
    long long kv_offset;
    KeyRange visit;
};

template <int TILE_ROWS, int HEAD_DIM, int KEYS>
DEVICE DecodeBlock decode_block(const Shape& shape, int splits)
{
    int group = shape.heads / shape.kv_heads;
    int rows = group * shape.queries;
    int tiles_of_head = (rows + TILE_ROWS - 1) / TILE_ROWS;
    int kv_head = block_y() / tiles_of_head;
    RowMap map = {block_y() % tiles_of_head * TILE_ROWS, rows, group, kv_head * group};
    int last_row = minimum(TILE_ROWS, rows - map.first) - 1;
    KeyRange any = seen_by_any(shape, map.query(0), map.query(last_row));
    return {map, head_offset(block_z(), shape.kv_heads, kv_head, shape.keys, HEAD_DIM), split_keys(any, block_x(), splits, KEYS)};
}

template <int HEAD_DIM, int KEYS>
DEVICE void decode_f32(const float* q, const float* k, const float* v, float* memory, const Shape& shape, int splits)
{
    using Tiles = FloatTiles<HEAD_DIM, KEYS, 1>;
    auto [map, kv_offset, visit] = decode_block<Tiles::TILE_ROWS, HEAD_DIM, KEYS>(shape, splits);
    Tiles tiles;
    tiles.run(q, k + kv_offset, v + kv_offset, shape, map, visit);

    int row = Tiles::first_row();
    if (!map.exists(row))
        return;
    Partials partials = partials_of<HEAD_DIM>(memory, shape, blocks_z(), splits);
    long long part = first_part(shape, block_z(), map.head(row), map.query(row), splits) + block_x();
#pragma unroll
    for (int c = 0; c < Tiles::LANE_CHUNKS; c++)
        ((float4*)(partials.outputs + part * HEAD_DIM))[Tiles::lane() + c * TEAM_LANES] = tiles.output[0][c];
    if (Tiles::lane() == 0)
        partials.statistics[part] = {tiles.rows[0].max * LN_2, tiles.rows[0].sum};
}

// One block a query, one thread a channel.
template <int HEAD_DIM>
DEVICE void decode_combine(float* memory, const Targets& targets, const Shape& shape, int splits)
{
    int query = block_x(), head = block_y(), channel = thread_x();
    Partials partials = partials_of<HEAD_DIM>(memory, shape, blocks_z(), splits);
    long long part = first_part(shape, block_z(), head, query, splits);
    float max = NEGATIVE_INFINITY;
    for (int split = 0; split < splits; split++)
        max = fmaxf(max, partials.statistics[part + split].x);
    float base = weight_base(max), sum = 0, total = 0;
    for (int split = 0; split < splits; split++)
    {
        float2 statistics = partials.statistics[part + split];
        float rescale = exp2_fast((statistics.x - base) * LOG2_E);
        sum = fmaf(statistics.y, rescale, sum);
        total = fmaf(partials.outputs[(part + split) * HEAD_DIM + channel], rescale, total);
    }
    long long row = row_index(shape, block_z(), head, query);
    RowEnd end = end_row(targets, row, visible_keys(shape, query), max, sum);
    // Every thread has read the log-sum-exp before one of them replaces it.
    __syncthreads();
    if (end.unchanged)
        return;
    float* output = targets.output + row * HEAD_DIM + channel;
    float kept = end.keep != 0 ? *output : 0.0f;
    *output = fmaf(end.keep, kept, total * end.factor);
    if (targets.lse != nullptr && channel == 0)
        targets.lse[row] = end.lse;
}
