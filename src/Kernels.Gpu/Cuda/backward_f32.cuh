// FlashAttention backward in float32 (Dao 2023, FlashAttention-2, section 3.1 and algorithm 2) by two kernels: dQ with a block for each tile of queries,
// then dK and dV with a block for each tile of keys, which adds the queries of all heads of its group.
#pragma once
#include "backward_tiles.cuh"

// D and the log-sum-exp of each row of this thread's team.
template <class Tiles>
DEVICE void row_statistics(RowStatistics (&statistics)[Tiles::ROWS_OF_TEAM], const float* o, const float* grad_o, const float* lse, int valid_rows)
{
#pragma unroll
    for (int r = 0; r < Tiles::ROWS_OF_TEAM; r++)
    {
        int row = Tiles::first_row() + r;
        float sum = 0, of_row = NEGATIVE_INFINITY;
        if (row < valid_rows)
        {
            of_row = lse[row];
#pragma unroll
            for (int c = 0; c < Tiles::LANE_CHUNKS; c++)
            {
                int chunk = row * Tiles::ROW_CHUNKS + Tiles::lane() + c * TEAM_LANES;
                float4 a = ((const float4*)o)[chunk], b = ((const float4*)grad_o)[chunk];
                sum = fmaf(a.x, b.x, fmaf(a.y, b.y, fmaf(a.z, b.z, fmaf(a.w, b.w, sum))));
            }
        }
        statistics[r] = {of_row == NEGATIVE_INFINITY ? -of_row : of_row, sum_of_lanes<TEAM_LANES>(sum)};
    }
}

// dQ, and the statistics [batch, head, query] that the other kernel reads.
template <int HEAD_DIM, int COLUMNS, int ROWS>
DEVICE void backward_queries(
    const float* q, const float* k, const float* v, const float* o, const float* lse, const float* grad_o, float* grad_q, RowStatistics* statistics,
    const Shape& shape)
{
    using Tiles = BackwardTiles<HEAD_DIM, COLUMNS, ROWS, false>;
    auto [first_query, head, q_offset, kv_offset, visit] = query_tile<Tiles::TILE_ROWS, HEAD_DIM>(shape);
    long long row = row_index(shape, block_z(), head, first_query), rows = row * HEAD_DIM;
    int valid_rows = shape.queries - first_query;
    RowStatistics of_rows[ROWS];
    row_statistics<Tiles>(of_rows, o + rows, grad_o + rows, lse + row, valid_rows);
    // A lane writes those of one row, so that a team writes at once.
    float own_lse = of_rows[0].lse, own_gradient = of_rows[0].gradient;
#pragma unroll
    for (int r = 1; r < ROWS; r++)
    {
        own_lse = Tiles::lane() == r ? of_rows[r].lse : own_lse;
        own_gradient = Tiles::lane() == r ? of_rows[r].gradient : own_gradient;
    }
    int place = Tiles::first_row() + Tiles::lane();
    if (Tiles::lane() < ROWS && place < valid_rows)
        statistics[row + place] = {own_lse, own_gradient};
    Tiles::load_rows(Tiles::FIRST_ROWS, q + rows, valid_rows, shape.scale_log2);
    Tiles::load_rows(Tiles::SECOND_ROWS, grad_o + rows, valid_rows, 1);
    Tiles tiles;
    tiles.run({k + kv_offset, v + kv_offset, visit, 1, shape.keys}, of_rows, shape, first_query);
    Tiles::store(grad_q + rows, tiles.gradient, valid_rows, shape.scale);
}

// Which queries see a key: the same band seen from the keys.
DEVICE Shape seen_from_keys(const Shape& shape)
{
    Shape seen = shape;
    seen.queries = shape.keys, seen.keys = shape.queries;
    seen.diagonal = -shape.diagonal, seen.left = shape.right, seen.right = shape.left;
    return seen;
}

// dK and dV. Grid (tiles of keys, kv heads, batch). Under a causal mask the first keys are seen by the most queries, and start first.
template <int HEAD_DIM, int COLUMNS, int ROWS>
DEVICE void backward_keys(
    const float* q, const float* k, const float* v, const float* grad_o, const RowStatistics* statistics, float* grad_k, float* grad_v,
    const Shape& shape)
{
    using Tiles = BackwardTiles<HEAD_DIM, COLUMNS, ROWS, true>;
    Shape seen = seen_from_keys(shape);
    int first_key = block_x() * Tiles::TILE_ROWS, valid_rows = shape.keys - first_key, group = shape.heads / shape.kv_heads;
    long long rows = head_offset(block_z(), shape.kv_heads, block_y(), shape.keys, HEAD_DIM) + (long long)first_key * HEAD_DIM;
    long long first = row_index(shape, block_z(), block_y() * group, 0);
    KeyRange visit = seen_by_any(seen, first_key, minimum(first_key + Tiles::TILE_ROWS, shape.keys) - 1);
    Tiles::load_rows(Tiles::FIRST_ROWS, k + rows, valid_rows, shape.scale_log2);
    Tiles::load_rows(Tiles::SECOND_ROWS, v + rows, valid_rows, 1);
    Tiles tiles;
    tiles.run({q + first * HEAD_DIM, grad_o + first * HEAD_DIM, visit, group, shape.queries}, statistics + first, seen, first_key);
    Tiles::store(grad_k + rows, tiles.gradient, valid_rows, shape.scale);
    Tiles::store(grad_v + rows, tiles.value_gradient, valid_rows, 1);
}
