// FlashAttention-2 forward on tensor cores (Dao 2023, algorithm 1): half inputs, float sums. A warp owns ROW_TILES × 16 query rows, which stay in
// its registers, and needs no other warp's numbers: scores become weights where they are, because the sums of one product lie in the lanes
// as the next wants its left factor. Tiles of keys and values arrive through a ring of STAGES buffers, copied while earlier ones are used.
#pragma once
#include "shape.cuh"
#include "softmax.cuh"
#include "tile.cuh"

template <int HEAD_DIM, int KEYS, int WARPS, int ROW_TILES, int STAGES>
struct HalfTiles
{
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

    // A lane's part of 16 × 8 products: row lane / 4 in numbers 0 and 1, row lane / 4 + 8 in 2 and 3.
    unsigned q[ROW_TILES][CHANNEL_STEPS][4];
    float output[ROW_TILES][2 * CHANNEL_STEPS][4];
    OnlineRow rows[ROW_TILES][2];

    static MEMBER int warp() { return thread_x() / THREADS_OF_WARP; }
    static MEMBER int lane() { return thread_x() % THREADS_OF_WARP; }
    static MEMBER unsigned address(int offset, int row, int chunk)
    {
        return shared_address(shared_memory) + offset + chunk_index<ROW_CHUNKS>(row, chunk) * CHUNK_BYTES;
    }

    // The row within the tile of queries of a lane's numbers: half 0 or 1 of one of the warp's row tiles.
    static MEMBER int row_of(int row_tile, int half) { return warp() * WARP_ROWS + row_tile * 16 + half * 8 + lane() / 4; }

    // The factor that is taken out of the scale, −1, 0 or 1, so that what remains is positive and the largest score has the largest weight.
    static MEMBER unsigned scale_sign(float scale) { return scale > 0 ? 0x3c003c00u : scale < 0 ? 0xbc00bc00u : 0u; }
    static MEMBER float positive_scale(float scale) { return scale > 0 ? scale : scale < 0 ? -scale : 1.0f; }

    MEMBER void load_queries(float scale)
    {
        unsigned sign = scale_sign(scale);
#pragma unroll
        for (int t = 0; t < ROW_TILES; t++)
#pragma unroll
            for (int step = 0; step < CHANNEL_STEPS; step++)
            {
                load_matrices(q[t][step], address(0, warp() * WARP_ROWS + t * 16 + lane() % 16, 2 * step + lane() / 16));
#pragma unroll
                for (int i = 0; i < 4; i++)
                    q[t][step][i] = multiply_halves(q[t][step][i], sign);
            }
    }

    static MEMBER void copy_stage(int stage, const unsigned short* k, const unsigned short* v, int valid_rows)
    {
        unsigned tile = shared_address(shared_memory) + RING + stage * STAGE_BYTES;
        copy_tile_async<KEYS, ROW_CHUNKS, THREADS>(tile, k, valid_rows);
        copy_tile_async<KEYS, ROW_CHUNKS, THREADS>(tile + TILE_BYTES, v, valid_rows);
    }

    MEMBER void compute_scores(float (&scores)[ROW_TILES][2 * KEY_STEPS][4], int keys) const
    {
        int lane = here(HalfTiles::lane());
#pragma unroll
        for (int j = 0; j < KEY_STEPS; j++)
        {
#pragma unroll
            for (int t = 0; t < ROW_TILES; t++)
#pragma unroll
                for (int i = 0; i < 4; i++)
                    scores[t][2 * j][i] = scores[t][2 * j + 1][i] = 0;
#pragma unroll
            for (int step = 0; step < CHANNEL_STEPS; step++)
            {
                // 16 keys × 16 channels; keys are rows in memory and columns of the product, so nothing is transposed.
                unsigned k[4];
                load_matrices(k, address(keys, j * 16 + lane / 16 * 8 + lane % 8, 2 * step + lane / 8 % 2));
#pragma unroll
                for (int t = 0; t < ROW_TILES; t++)
                {
                    multiply_add(scores[t][2 * j], q[t][step], k[0], k[1]);
                    multiply_add(scores[t][2 * j + 1], q[t][step], k[2], k[3]);
                }
            }
        }
    }

    static MEMBER void hide_invisible(
        float (&scores)[ROW_TILES][2 * KEY_STEPS][4], const Shape& shape, int first_query, int first_key)
    {
#pragma unroll
        for (int t = 0; t < ROW_TILES; t++)
#pragma unroll
            for (int half = 0; half < 2; half++)
            {
                KeyRange visible = visible_keys(shape, first_query + row_of(t, half));
                int first = here(first_key);
#pragma unroll
                for (int j = 0; j < 2 * KEY_STEPS; j++)
#pragma unroll
                    for (int i = 0; i < 2; i++)
                    {
                        int key = first + j * 8 + lane() % 4 * 2 + i;
                        if (key < visible.begin || key >= visible.end)
                            scores[t][j][half * 2 + i] = NEGATIVE_INFINITY;
                    }
            }
    }

    // Makes weights of the scores of one row, in place, and rescales what was summed so far.
    MEMBER void take_weights(float (&scores)[2 * KEY_STEPS][4], int t, int half, float scale)
    {
        OnlineRow& row = rows[t][half];
        float max = row.max;
#pragma unroll
        for (int j = 0; j < 2 * KEY_STEPS; j++)
            max = fmaxf(max, fmaxf(scores[j][half * 2], scores[j][half * 2 + 1]));
        max = max_of_lanes<4>(max);
        float base = weight_base(max) * scale;
        float rescale = exp2_fast(fmaf(row.max, scale, -base));
        row.max = max;
        row.sum *= rescale;
#pragma unroll
        for (int j = 0; j < 2 * KEY_STEPS; j++)
#pragma unroll
            for (int i = half * 2; i < half * 2 + 2; i++)
            {
                scores[j][i] = exp2_fast(fmaf(scores[j][i], scale, -base));
                row.sum += scores[j][i];
            }
#pragma unroll
        for (int c = 0; c < 2 * CHANNEL_STEPS; c++)
        {
            output[t][c][half * 2] *= rescale;
            output[t][c][half * 2 + 1] *= rescale;
        }
    }

    MEMBER void add_values(const float (&weights)[ROW_TILES][2 * KEY_STEPS][4], int values)
    {
        int lane = here(HalfTiles::lane());
#pragma unroll
        for (int step = 0; step < KEY_STEPS; step++)
        {
            unsigned p[ROW_TILES][4];
#pragma unroll
            for (int t = 0; t < ROW_TILES; t++)
#pragma unroll
                for (int i = 0; i < 4; i++)
                {
                    const float(&sums)[4] = weights[t][2 * step + i / 2];
                    p[t][i] = pack_halves(sums[i % 2 * 2], sums[i % 2 * 2 + 1]);
                }
#pragma unroll
            for (int c = 0; c < CHANNEL_STEPS; c++)
            {
                // 16 keys × 16 channels; keys are rows in memory and rows of the product, which wants columns: transposed.
                unsigned v[4];
                load_matrices_transposed(v, address(values, step * 16 + lane % 16, 2 * c + lane / 16));
#pragma unroll
                for (int t = 0; t < ROW_TILES; t++)
                {
                    multiply_add(output[t][2 * c], p[t], v[0], v[1]);
                    multiply_add(output[t][2 * c + 1], p[t], v[2], v[3]);
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

    // Attends to the keys of `visit`, which is not empty; q, k and v are those of the tile and head.
    MEMBER void run(
        const unsigned short* tile_q, const unsigned short* k, const unsigned short* v, const Shape& shape, int first_query, KeyRange visit)
    {
        int first_row = first_query + warp() * WARP_ROWS;
        KeyRange warp_any = seen_by_any(shape, first_row, first_row + WARP_ROWS - 1);
        KeyRange warp_all = seen_by_all(shape, first_row, first_row + WARP_ROWS - 1);
        float scale = positive_scale(shape.scale_log2);

        copy_tile_async<TILE_ROWS, ROW_CHUNKS, THREADS>(shared_address(shared_memory), tile_q, shape.queries - first_query);
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
        load_queries(shape.scale_log2);

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
                if (key < warp_all.begin || key + KEYS > warp_all.end)
                    hide_invisible(scores, shape, first_query, key);
#pragma unroll
                for (int t = 0; t < ROW_TILES; t++)
#pragma unroll
                    for (int half = 0; half < 2; half++)
                        take_weights(scores[t], t, half, scale);
                add_values(scores, tile + TILE_BYTES);
            }
            stage = stage == STAGES - 1 ? 0 : stage + 1;
        }
    }

    MEMBER void store(float* head_output, const Shape& shape, int first_query)
    {
        // All lanes together, before some of them have no row to store.
#pragma unroll
        for (int t = 0; t < ROW_TILES; t++)
#pragma unroll
            for (int half = 0; half < 2; half++)
                rows[t][half].sum = sum_of_lanes<4>(rows[t][half].sum);
#pragma unroll
        for (int t = 0; t < ROW_TILES; t++)
#pragma unroll
            for (int half = 0; half < 2; half++)
            {
                int query = first_query + row_of(t, half);
                if (query < shape.queries)
                {
                    float factor = normaliser(rows[t][half].sum, visible_keys(shape, query));
                    float2* row = (float2*)(head_output + (long long)query * HEAD_DIM);
#pragma unroll
                    for (int c = 0; c < 2 * CHANNEL_STEPS; c++)
                        row[c * 4 + lane() % 4] = {output[t][c][half * 2] * factor, output[t][c][half * 2 + 1] * factor};
                }
            }
    }
};

template <class Tiles, int HEAD_DIM>
DEVICE void flash_f16(
    const unsigned short* q, const unsigned short* k, const unsigned short* v, float* output, const Shape& shape)
{
    // Under a causal mask the last queries see most keys: they start first.
    int first_query = (blocks_x() - 1 - block_x()) * Tiles::TILE_ROWS;
    int head = block_y();
    int kv_head = head / (shape.heads / shape.kv_heads);
    long long q_offset = head_offset(block_z(), shape.heads, head, shape.queries, HEAD_DIM);
    long long kv_offset = head_offset(block_z(), shape.kv_heads, kv_head, shape.keys, HEAD_DIM);
    KeyRange visit = seen_by_any(shape, first_query, minimum(first_query + Tiles::TILE_ROWS, shape.queries) - 1);

    Tiles tiles;
    tiles.clear();
    if (visit.begin < visit.end)
        tiles.run(q + q_offset + (long long)first_query * HEAD_DIM, k + kv_offset, v + kv_offset, shape, first_query, visit);
    tiles.store(output + q_offset, shape, first_query);
}
