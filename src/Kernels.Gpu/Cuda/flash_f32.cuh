// FlashAttention forward in float32 (Dao et al. 2022, algorithm 1; the outer loop over queries as in FlashAttention-2).
#pragma once
#include "float_tiles.cuh"

template <int HEAD_DIM, int KEYS>
DEVICE void flash_f32(const float* q, const float* k, const float* v, float* output, const Shape& shape)
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

    float* head_output = output + head_offset(block_z(), shape.heads, head, shape.queries, HEAD_DIM);
#pragma unroll
    for (int r = 0; r < 8; r++)
    {
        int query = first + Tiles::first_row() + r;
        if (query >= shape.queries)
            break;
        float factor = normaliser(tiles.rows[r].sum, visible_keys(shape, query));
        float4* row = (float4*)(head_output + (long long)query * HEAD_DIM);
#pragma unroll
        for (int c = 0; c < Tiles::LANE_CHUNKS; c++)
        {
            float4 o = tiles.output[r][c];
            row[Tiles::lane() + c * TEAM_LANES] = {o.x * factor, o.y * factor, o.z * factor, o.w * factor};
        }
    }
}
