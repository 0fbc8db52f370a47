// FlashAttention forward in float32 (Dao et al. 2022, algorithm 1; the outer loop over queries as in FlashAttention-2).
#pragma once
#include "float_tiles.cuh"

template <int HEAD_DIM, int KEYS>
DEVICE void flash_f32(const float* q, const float* k, const float* v, const Targets& targets, const Shape& shape)
{
    using Tiles = FloatTiles<HEAD_DIM, KEYS, 8, true>;
    auto [first_query, head, q_offset, kv_offset, visit] = query_tile<Tiles::TILE_ROWS, HEAD_DIM>(shape);
    RowMap map = {first_query, shape.queries, 1, head};
    Tiles tiles;
    tiles.run(q, k + kv_offset, v + kv_offset, shape, map, visit);

#pragma unroll
    for (int r = 0; r < 8; r++)
    {
        int query = first_query + Tiles::first_row() + r;
        RowEnd end = end_rows(targets, shape, head, query, tiles.rows[r].max * LN_2, tiles.rows[r].sum);
        if (end.unchanged)
            continue;
        long long row = row_index(shape, block_z(), head, query);
        float4* chunks = (float4*)(targets.output + row * HEAD_DIM) + Tiles::lane();
#pragma unroll
        for (int c = 0; c < Tiles::LANE_CHUNKS; c++)
            chunks[c * TEAM_LANES] = end_chunk(end, tiles.output[r][c], chunks + c * TEAM_LANES);
        if (targets.lse != nullptr && Tiles::lane() == 0)
            targets.lse[row] = end.lse;
    }
}
