// FlashAttention backward (Dao 2023, FlashAttention-2, section 3.1 and algorithm 2) by two kernels: dQ with a block for each tile of queries, then dK and
// dV with a block for each tile of keys, which adds the queries of all heads of its group. Rows are what a block owns, columns what it visits tile by tile:
// queries and keys, or the other way round.
//
// With P = exp(scores − lse) and dS = P ∘ (dO·Vᵀ − D), a pair needs the products scores and dO·Vᵀ, and adds dS · column to its row; for keys it adds
// P · dO as well. Both kernels compute P and dS of a pair, so that every sum has one owner and one order, which atomics would not give. Together these
// are seven products of 2 · channels operations, where the operation has five.
#pragma once
#include "row_end.cuh"

// What a pair needs to know of its query: the log-sum-exp of its scores times log₂ e, and D, the sum over channels of dO ∘ O.
struct __align__(8) RowStatistics
{
    float lse, gradient;
};

// Makes a weight of a score, and the gradient of the score of dO·Vᵀ.
DEVICE void take_pair(float& score, float& product, float scale, const RowStatistics& of_query)
{
    score = exp2_fast(fmaf(score, scale, -of_query.lse));
    product = score * (product - of_query.gradient);
}

// Columns of several heads that share the rows, tile by tile: those of `visit` of each head.
template <class Number, int HEAD_DIM, int COLUMNS>
struct ColumnTiles
{
    // The factor of the scores, then that of dO·Vᵀ, and the statistics where columns are queries; the first head's.
    const Number *first, *second;
    const RowStatistics* statistics;
    KeyRange visit;
    int heads, tokens;

    MEMBER int per_head() const { return visit.begin < visit.end ? (visit.end - visit.begin + COLUMNS - 1) / COLUMNS : 0; }
    MEMBER int count() const { return heads * per_head(); }
    MEMBER int column(int tile) const { return visit.begin + tile % per_head() * COLUMNS; }
    MEMBER int valid(int tile) const { return visit.end - column(tile); }
    MEMBER long long row(int tile) const { return (long long)(tile / per_head()) * tokens + column(tile); }
};

// dQ, and the statistics [batch, head, query] that the other kernel reads.
template <class Tiles>
DEVICE void backward_queries(
    const typename Tiles::Number* q, const typename Tiles::Number* k, const typename Tiles::Number* v, const typename Tiles::Number* o, const float* lse,
    const typename Tiles::Number* grad_o, float* grad_q, RowStatistics* statistics, const Shape& shape)
{
    auto [first_query, head, q_offset, kv_offset, visit] = query_tile<Tiles::TILE_ROWS, Tiles::CHANNELS>(shape);
    long long row = row_index(shape, block_z(), head, first_query), rows = row * Tiles::CHANNELS;
    int valid_rows = shape.queries - first_query;
    typename Tiles::Columns columns = {k + kv_offset, v + kv_offset, nullptr, visit, 1, shape.keys};
    Tiles tiles;
    tiles.start(q + rows, grad_o + rows, valid_rows, columns, shape);
    tiles.take_statistics(o + rows, grad_o + rows, lse + row, statistics + row, valid_rows);
    tiles.run(columns, shape, shape, first_query);
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
template <class Tiles>
DEVICE void backward_keys(
    const typename Tiles::Number* q, const typename Tiles::Number* k, const typename Tiles::Number* v, const typename Tiles::Number* grad_o,
    const RowStatistics* statistics, float* grad_k, float* grad_v, const Shape& shape)
{
    Shape seen = seen_from_keys(shape);
    int first_key = block_x() * Tiles::TILE_ROWS, valid_rows = shape.keys - first_key, group = shape.heads / shape.kv_heads;
    long long rows = head_offset(block_z(), shape.kv_heads, block_y(), shape.keys, Tiles::CHANNELS) + (long long)first_key * Tiles::CHANNELS;
    long long first = row_index(shape, block_z(), block_y() * group, 0);
    KeyRange visit = seen_by_any(seen, first_key, minimum(first_key + Tiles::TILE_ROWS, shape.keys) - 1);
    typename Tiles::Columns columns = {q + first * Tiles::CHANNELS, grad_o + first * Tiles::CHANNELS, statistics + first, visit, group, shape.queries};
    Tiles tiles;
    tiles.start(k + rows, v + rows, valid_rows, columns, shape);
    tiles.run(columns, shape, seen, first_key);
    Tiles::store(grad_k + rows, tiles.gradient, valid_rows, shape.scale);
    Tiles::store(grad_v + rows, tiles.value_gradient, valid_rows, 1);
}
