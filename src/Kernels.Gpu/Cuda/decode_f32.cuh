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
    using Tiles = FloatTiles<HEAD_DIM, KEYS, 1, false>;
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

// One block a row, whose parts are shared among teams of lanes: a lane has four channels of every so many parts. It waits for memory, so that each team has
// several reads under way.
#define COMBINE_THREADS 256

template <int HEAD_DIM>
DEVICE void decode_combine(float* memory, const Targets& targets, const Shape& shape, int splits)
{
    constexpr int LANES = HEAD_DIM / 4, ROW_TEAMS = COMBINE_THREADS / LANES, PARTS_AT_ONCE = 4;
    int query = block_x(), head = block_y(), lane = thread_x() % LANES, team = thread_x() / LANES;
    Partials partials = partials_of<HEAD_DIM>(memory, shape, blocks_z(), splits);
    long long part = first_part(shape, block_z(), head, query, splits);
    const float2* statistics = partials.statistics + part;
    const float4* outputs = (const float4*)(partials.outputs + part * HEAD_DIM) + lane;
    // Maximum and sum in every warp, so that none waits for another.
    float max = NEGATIVE_INFINITY, sum = 0;
    for (int split = lane_of_warp(); split < splits; split += THREADS_OF_WARP)
        max = fmaxf(max, statistics[split].x);
    max = max_of_lanes<THREADS_OF_WARP>(max);
    float base = weight_base(max);
    for (int split = lane_of_warp(); split < splits; split += THREADS_OF_WARP)
        sum = fmaf(statistics[split].y, exp2_fast((statistics[split].x - base) * LOG2_E), sum);
    sum = sum_of_lanes<THREADS_OF_WARP>(sum);
    float4 total = {0, 0, 0, 0};
#pragma unroll 1
    for (int first = team; first < splits; first += PARTS_AT_ONCE * ROW_TEAMS)
    {
        float maxima[PARTS_AT_ONCE];
        float4 of_parts[PARTS_AT_ONCE];
#pragma unroll
        for (int i = 0; i < PARTS_AT_ONCE; i++)
        {
            int split = first + i * ROW_TEAMS;
            bool exists = split < splits;
            maxima[i] = exists ? statistics[split].x : NEGATIVE_INFINITY;
            of_parts[i] = exists ? outputs[(long long)split * LANES] : float4{0, 0, 0, 0};
        }
#pragma unroll
        for (int i = 0; i < PARTS_AT_ONCE; i++)
            total = add_scaled(total, exp2_fast((maxima[i] - base) * LOG2_E), of_parts[i]);
    }
    float4* totals = (float4*)shared_memory + lane;
    totals[team * LANES] = total;
    long long row = row_index(shape, block_z(), head, query);
    RowEnd end = end_row(targets, row, visible_keys(shape, query), max, sum);
    // The totals of all teams are there, and every thread has read the log-sum-exp before one of them replaces it.
    __syncthreads();
    if (team > 0 || end.unchanged)
        return;
#pragma unroll
    for (int other = 1; other < ROW_TEAMS; other++)
        total = add_scaled(total, 1, totals[other * LANES]);
    float4* chunk = (float4*)(targets.output + row * HEAD_DIM) + lane;
    *chunk = end_chunk(end, total, chunk);
    if (targets.lse != nullptr && lane == 0)
        targets.lse[row] = end.lse;
}
