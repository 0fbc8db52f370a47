// FlashAttention forward in float32 (Dao et al. 2022, algorithm 1; the outer loop over queries as in FlashAttention-2).
#pragma once
#include "float_tiles.cuh"

template <int HEAD_DIM, int KEYS>
DEVICE void flash_f32(const float* q, const float* k, const float* v, const Targets& targets, const Shape& shape)
{
    using Tiles = FloatTiles<HEAD_DIM, KEYS, 8>;
    // Under a causal mask the last queries see most keys: they start first.
    int first = (blocks_x() - 1 - block_x()) * Tiles::TILE_ROWS;
    int head = block_y();
    RowMap map = {first, shape.queries, 1, head};
    int kv_head = head / (shape.heads / shape.kv_heads);
    long long kv_offset = head_offset(block_z(), shape.kv_heads, kv_head, shape.keys, HEAD_DIM);
    int last = minimum(first + Tiles::TILE_ROWS, shape.queries) - 1;

    Tiles tiles;
    tiles.run(q, k + kv_offset, v + kv_offset, shape, map, seen_by_any(shape, first, last));

#pragma unroll
    for (int r = 0; r < 8; r++)
    {
        int query = first + Tiles::first_row() + r;
        if (query >= shape.queries)
            break;
        long long row = row_index(shape, block_z(), head, query);
        RowEnd end = end_row(targets, row, visible_keys(shape, query), tiles.rows[r].max * LN_2, tiles.rows[r].sum);
        if (end.unchanged)
            continue;
        float4* chunks = (float4*)(targets.output + row * HEAD_DIM) + Tiles::lane();
#pragma unroll
        for (int c = 0; c < Tiles::LANE_CHUNKS; c++)
            chunks[c * TEAM_LANES] = end_chunk(end, tiles.output[r][c], chunks + c * TEAM_LANES);
        // The lanes of a team have read the old log-sum-exp together.
        if (targets.lse != nullptr && Tiles::lane() == 0)
            targets.lse[row] = end.lse;
    }
}
