// FlashAttention-2 forward on tensor cores (Dao 2023, algorithm 1): inputs of 16 bits, float sums, weights rounded to the type of the values. Tiles of
// keys and values arrive through a ring of STAGES buffers, copied while earlier ones are used.
#pragma once
#include "mma_products.cuh"

template <class Element, int HEAD_DIM, int KEYS, int WARPS, int ROW_TILES, int STAGES>
struct MmaTiles : MmaProducts<Element, HEAD_DIM, WARPS, ROW_TILES>
{
    using Products = MmaProducts<Element, HEAD_DIM, WARPS, ROW_TILES>;
    using Products::row_of, Products::first_row;
    static constexpr int WARP_ROWS = Products::WARP_ROWS;
    static constexpr int KEY_STEPS = KEYS / 16;

    // Shared memory, in bytes from its beginning: queries, then the ring, each stage keys and values.
    static constexpr int RING = Products::TILE_ROWS * Products::ROW_BYTES;
    static constexpr int TILE_BYTES = KEYS * Products::ROW_BYTES;
    static constexpr int STAGE_BYTES = 2 * TILE_BYTES;

    typename Products::Left q;
    typename Products::Sums output;
    OnlineRow rows[ROW_TILES][2];

    static MEMBER void copy_stage(int stage, const unsigned short* k, const unsigned short* v, int valid_rows)
    {
        int tile = RING + stage * STAGE_BYTES;
        Products::template copy_tile<KEYS>(tile, k, valid_rows);
        Products::template copy_tile<KEYS>(tile + TILE_BYTES, v, valid_rows);
    }

    MEMBER void clear()
    {
        Products::clear(output);
#pragma unroll
        for (int t = 0; t < ROW_TILES; t++)
            rows[t][0] = rows[t][1] = empty_row();
    }

    // Attends to the keys of `visit`, which is not empty; the copy of the queries was started. `map` gives the query of a row of the tile.
    template <class Map>
    MEMBER void run(const unsigned short* k, const unsigned short* v, const Shape& shape, const Map& map, KeyRange visit)
    {
        int first = map.query(first_row()), last = map.query(first_row() + WARP_ROWS - 1);
        KeyRange warp_any = seen_by_any(shape, first, last), warp_all = seen_by_all(shape, first, last);
        ScaleParts scale = Element::parts(shape);
        commit_copies();
        // A group a stage, empty beyond the last tile, so that counting groups counts tiles.
#pragma unroll
        for (int stage = 0; stage < STAGES - 1; stage++)
        {
            int key = visit.begin + stage * KEYS;
            if (key < visit.end)
                copy_stage(stage, k + (long long)key * HEAD_DIM, v + (long long)key * HEAD_DIM, visit.end - key);
            commit_copies();
        }
        wait_for_copies<STAGES - 1>();
        __syncthreads();
        Products::load_left(q, 0);
        Products::scale_left(q, scale.queries);

        int stage = 0;
#pragma unroll 1
        for (int key = visit.begin; key < visit.end; key += KEYS)
        {
            // This tile is there, and every warp is done with the one before, whose buffer the copy below fills.
            wait_for_copies<STAGES - 2>();
            __syncthreads();
            int ahead = key + (STAGES - 1) * KEYS;
            int free_stage = stage == 0 ? STAGES - 1 : stage - 1;
            if (ahead < visit.end)
                copy_stage(free_stage, k + (long long)ahead * HEAD_DIM, v + (long long)ahead * HEAD_DIM, visit.end - ahead);
            commit_copies();

            int tile = RING + stage * STAGE_BYTES;
            if (key < warp_any.end && key + KEYS > warp_any.begin)
            {
                typename Products::template Pairs<KEY_STEPS> scores;
                Products::template multiply<KEY_STEPS>(scores, q, tile, 0);
                bool partly = key < warp_all.begin || key + KEYS > warp_all.end || key + KEYS > visit.end;
#pragma unroll
                for (int t = 0; t < ROW_TILES; t++)
                {
#pragma unroll
                    for (int half = 0; half < 2; half++)
                    {
                        if (partly)
                        {
                            KeyRange visible = visible_keys(shape, map.query(row_of(t, half)));
                            hide_invisible(scores[t], half, {visible.begin, minimum(visible.end, visit.end)}, key);
                        }
                        rescale_row(output[t], half, take_weights(scores[t], half, rows[t][half], scale.log2));
                    }
                }
                Products::template add_product<KEY_STEPS>(scores, tile + TILE_BYTES, 0, output);
            }
            stage = stage == STAGES - 1 ? 0 : stage + 1;
        }
    }
};

// Rows that are the queries of one head.
struct Consecutive
{
    int first;

    MEMBER int query(int row) const { return first + row; }
};

template <class Tiles, int HEAD_DIM>
DEVICE void flash_mma(
    const unsigned short* q, const unsigned short* k, const unsigned short* v, const Targets& targets, const Shape& shape)
{
    auto [first_query, head, q_offset, kv_offset, visit] = query_tile<Tiles::TILE_ROWS, HEAD_DIM>(shape);
    Tiles tiles;
    tiles.clear();
    if (visit.begin < visit.end)
    {
        const unsigned short* tile_q = q + q_offset + (long long)first_query * HEAD_DIM;
        Tiles::template copy_tile<Tiles::TILE_ROWS>(0, tile_q, shape.queries - first_query);
        tiles.run(k + kv_offset, v + kv_offset, shape, Consecutive{first_query}, visit);
    }
#pragma unroll
    for (int t = 0; t < Tiles::WARP_ROWS / 16; t++)
#pragma unroll
        for (int half = 0; half < 2; half++)
        {
            // All lanes together, before some of them have no row to store.
            float sum = sum_of_lanes<4>(tiles.rows[t][half].sum);
            int query = first_query + tiles.row_of(t, half);
            if (query < shape.queries)
                store_row<typename Tiles::Type>(targets, shape, head, query, tiles.output[t], half, tiles.rows[t][half].max, sum);
        }
}
