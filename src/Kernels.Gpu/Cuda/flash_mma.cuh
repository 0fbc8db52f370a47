// FlashAttention-2 forward on tensor cores (Dao 2023, algorithm 1): inputs of 16 bits, float sums, weights rounded to the type of the values. A
// warp owns ROW_TILES × 16 query rows and needs no other warp's numbers. Tiles of keys and values arrive through a ring of STAGES buffers, copied while earlier ones are used.
#pragma once
#include "fragment_rows.cuh"
#include "tile.cuh"

template <class Element, int HEAD_DIM, int KEYS, int WARPS, int ROW_TILES, int STAGES>
struct MmaTiles
{
    using Type = Element;
    static constexpr int THREADS = WARPS * THREADS_OF_WARP;
    static constexpr int WARP_ROWS = ROW_TILES * 16;
    static constexpr int TILE_ROWS = WARPS * WARP_ROWS;
    static constexpr int ROW_CHUNKS = HEAD_DIM / 8;
    static constexpr int CHANNEL_STEPS = HEAD_DIM / 16;
    static constexpr int KEY_STEPS = KEYS / 16;

    // Shared memory, in bytes from its beginning: queries, then the ring, each stage keys and values.
    static constexpr int RING = TILE_ROWS * HEAD_DIM * 2;
    static constexpr int TILE_BYTES = KEYS * HEAD_DIM * 2;
    static constexpr int STAGE_BYTES = 2 * TILE_BYTES;

    unsigned q[CHANNEL_STEPS][ROW_TILES][4];
    float output[ROW_TILES][2 * CHANNEL_STEPS][4];
    OnlineRow rows[ROW_TILES][2];

    static MEMBER int warp() { return thread_x() / THREADS_OF_WARP; }
    static MEMBER unsigned address(int offset, int row, int chunk)
    {
        return shared_address(shared_memory) + offset + chunk_index<ROW_CHUNKS>(row, chunk) * CHUNK_BYTES;
    }

    // The row within the tile of queries of a lane's numbers: half 0 or 1 of one of the warp's row tiles.
    static MEMBER int row_of(int row_tile, int half) { return warp() * WARP_ROWS + row_tile * 16 + half * 8 + lane_of_warp() / 4; }

    MEMBER void load_queries(unsigned factor)
    {
#pragma unroll
        for (int step = 0; step < CHANNEL_STEPS; step++)
#pragma unroll
            for (int t = 0; t < ROW_TILES; t++)
            {
                load_matrices(q[step][t], address(0, warp() * WARP_ROWS + t * 16 + lane_of_warp() % 16, 2 * step + lane_of_warp() / 16));
#pragma unroll
                for (int i = 0; i < 4; i++)
                    q[step][t][i] = Element::multiply(q[step][t][i], factor);
            }
    }

    static MEMBER void copy_stage(int stage, const unsigned short* k, const unsigned short* v, int valid_rows)
    {
        unsigned tile = shared_address(shared_memory) + RING + stage * STAGE_BYTES;
        copy_tile_async<KEYS, ROW_CHUNKS, ROW_CHUNKS, THREADS>(tile, k, valid_rows);
        copy_tile_async<KEYS, ROW_CHUNKS, ROW_CHUNKS, THREADS>(tile + TILE_BYTES, v, valid_rows);
    }

    MEMBER void compute_scores(float (&scores)[ROW_TILES][2 * KEY_STEPS][4], int keys) const
    {
        int lane = here(lane_of_warp());
#pragma unroll
        for (int t = 0; t < ROW_TILES; t++)
#pragma unroll
            for (int j = 0; j < 2 * KEY_STEPS; j++)
#pragma unroll
                for (int i = 0; i < 4; i++)
                    scores[t][j][i] = 0;
#pragma unroll
        for (int step = 0; step < CHANNEL_STEPS; step++)
        {
#pragma unroll
            for (int j = 0; j < KEY_STEPS; j++)
            {
                // 16 keys × 16 channels; keys are rows in memory and columns of the product, so nothing is transposed.
                unsigned k[4];
                load_matrices(k, address(keys, j * 16 + lane / 16 * 8 + lane % 8, 2 * step + lane / 8 % 2));
#pragma unroll
                for (int t = 0; t < ROW_TILES; t++)
                {
                    Element::multiply_add(scores[t][2 * j], q[step][t], k[0], k[1]);
                    Element::multiply_add(scores[t][2 * j + 1], q[step][t], k[2], k[3]);
                }
            }
        }
    }

    MEMBER void add_values(const float (&weights)[ROW_TILES][2 * KEY_STEPS][4], int values)
    {
        int lane = here(lane_of_warp());
#pragma unroll
        for (int step = 0; step < KEY_STEPS; step++)
        {
            unsigned p[ROW_TILES][4];
#pragma unroll
            for (int t = 0; t < ROW_TILES; t++)
                pack_weights<Element>(p[t], weights[t], step);
#pragma unroll
            for (int c = 0; c < CHANNEL_STEPS; c++)
            {
                // 16 keys × 16 channels; keys are rows in memory and rows of the product, which wants columns: transposed.
                unsigned v[4];
                load_matrices_transposed(v, address(values, step * 16 + lane % 16, 2 * c + lane / 16));
#pragma unroll
                for (int t = 0; t < ROW_TILES; t++)
                {
                    Element::multiply_add(output[t][2 * c], p[t], v[0], v[1]);
                    Element::multiply_add(output[t][2 * c + 1], p[t], v[2], v[3]);
                }
            }
        }
    }

    MEMBER void clear()
    {
#pragma unroll
        for (int t = 0; t < ROW_TILES; t++)
        {
            rows[t][0] = rows[t][1] = empty_row();
#pragma unroll
            for (int c = 0; c < 2 * CHANNEL_STEPS; c++)
#pragma unroll
                for (int i = 0; i < 4; i++)
                    output[t][c][i] = 0;
        }
    }

    // Attends to the keys of `visit`, which is not empty; the copy of the queries was started. `map` gives the query of a row of the tile.
    template <class Map>
    MEMBER void run(const unsigned short* k, const unsigned short* v, const Shape& shape, const Map& map, KeyRange visit)
    {
        int first = map.query(warp() * WARP_ROWS), last = map.query(warp() * WARP_ROWS + WARP_ROWS - 1);
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
        load_queries(scale.queries);

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
                float scores[ROW_TILES][2 * KEY_STEPS][4];
                compute_scores(scores, tile);
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
                add_values(scores, tile + TILE_BYTES);
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
        copy_tile_async<Tiles::TILE_ROWS, Tiles::ROW_CHUNKS, Tiles::ROW_CHUNKS, Tiles::THREADS>(
            shared_address(shared_memory), tile_q, shape.queries - first_query);
        tiles.run(k + kv_offset, v + kv_offset, shape, Consecutive{first_query}, visit);
    }
#pragma unroll
    for (int t = 0; t < Tiles::WARP_ROWS / 16; t++)
#pragma unroll
        for (int half = 0; half < 2; half++)
            store_row<typename Tiles::Type>(
                targets, shape, head, first_query + tiles.row_of(t, half), tiles.output[t], half, tiles.rows[t][half]);
}
