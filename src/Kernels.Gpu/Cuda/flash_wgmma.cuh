// FlashAttention forward on the tensor cores of compute capability 9.0: the two products of Dao 2023, algorithm 1, started and waited for apart
// (Shah et al. 2024, FlashAttention-3, algorithm 2): the scores of the next tile and the outputs of the last are multiplied while the weights of this
// tile are computed. A warpgroup owns 64 query rows. Tiles lie in panels of 64 channels, rows of 128 bytes.
#pragma once
#include "fragment_rows.cuh"
#include "tile.cuh"
#include "warpgroup.cuh"

#define PANEL_CHUNKS 8
#define PANEL_ROW_BYTES (PANEL_CHUNKS * CHUNK_BYTES)

template <class Element, int HEAD_DIM, int KEYS, int WARPGROUPS>
struct WarpgroupTiles
{
    static constexpr int THREADS = WARPGROUPS * WARPGROUP_THREADS;
    static constexpr int TILE_ROWS = WARPGROUPS * 64;
    static constexpr int CHANNEL_STEPS = HEAD_DIM / 16;
    static constexpr int KEY_STEPS = KEYS / 16;

    // Shared memory, in bytes from its beginning: queries, two tiles of keys, two of values.
    static constexpr int KEY_TILES = TILE_ROWS * HEAD_DIM * 2;
    static constexpr int TILE_BYTES = KEYS * HEAD_DIM * 2;
    static constexpr int VALUE_TILES = KEY_TILES + 2 * TILE_BYTES;

    float output[HEAD_DIM / 8][4];
    OnlineRow rows[2];

    static MEMBER int warpgroup() { return thread_x() / WARPGROUP_THREADS; }
    static MEMBER int warp_row() { return thread_x() / THREADS_OF_WARP * 16; }
    static MEMBER int row_of(int half) { return warp_row() + half * 8 + lane_of_warp() / 4; }
    static MEMBER unsigned shared(int offset) { return shared_address(shared_memory) + offset; }

    // Past the end nothing is read, and the tile is filled with zeros.
    static MEMBER void copy_rows(int tile, const unsigned short* rows, int first, int end)
    {
        copy_tile_async<KEYS, HEAD_DIM / 8, PANEL_CHUNKS, THREADS>(shared(tile), rows + (long long)first * HEAD_DIM, end - first);
    }

    // Each thread those that it copied itself, and now has.
    static MEMBER void scale_queries(unsigned factor)
    {
        constexpr int CHUNKS = TILE_ROWS * HEAD_DIM / 8;
        uint4* chunks = (uint4*)shared_memory;
        // A thread copies the same place of every eighth row, or of further ones: what it copied lies as far apart as its copies.
        int first = copied_chunk<TILE_ROWS, HEAD_DIM / 8, PANEL_CHUNKS>();
#pragma unroll
        for (int i = 0; i < CHUNKS / THREADS; i++)
        {
            uint4* place = chunks + first + i * (THREADS / (HEAD_DIM / 8)) * PANEL_CHUNKS;
            uint4 chunk = *place;
            *place = {Element::multiply(chunk.x, factor), Element::multiply(chunk.y, factor), Element::multiply(chunk.z, factor),
                      Element::multiply(chunk.w, factor)};
        }
    }

    // The channels 16 step … of a tile of ROWS rows.
    template <int ROWS>
    static MEMBER int step_of_channels(int step) { return step / 4 * (ROWS * PANEL_ROW_BYTES) + step % 4 * 32; }

    static MEMBER void start_scores(float (&scores)[KEYS / 8][4], int keys)
    {
        int queries = warpgroup() * 64 * PANEL_ROW_BYTES;
#pragma unroll
        for (int step = 0; step < CHANNEL_STEPS; step++)
            multiply_rows(
                Element{}, scores, matrix_at(shared(queries + step_of_channels<TILE_ROWS>(step)), 16),
                matrix_at(shared(keys + step_of_channels<KEYS>(step)), 16), step > 0);
        commit_products();
    }

    MEMBER void start_outputs(const unsigned (&weights)[KEY_STEPS][4], int values)
    {
#pragma unroll
        for (int step = 0; step < KEY_STEPS; step++)
            multiply_columns(
                Element{}, output, weights[step], matrix_at(shared(values + step * 16 * PANEL_ROW_BYTES), KEYS * PANEL_ROW_BYTES));
        commit_products();
    }

    static MEMBER void pack(unsigned (&weights)[KEY_STEPS][4], const float (&scores)[KEYS / 8][4])
    {
#pragma unroll
        for (int step = 0; step < KEY_STEPS; step++)
            pack_weights<Element>(weights[step], scores, step);
    }

    // Whether some row of the warpgroup does not see some key of the tile: the same for its four warps, which must start the same products.
    static MEMBER bool is_partly_seen(const Shape& shape, int first_query, int key)
    {
        int first_row = first_query + warpgroup() * 64;
        KeyRange all = seen_by_all(shape, first_row, first_row + 63);
        return key < all.begin || key + KEYS > all.end;
    }

    // Makes weights of the scores, in place, and the factors for what was summed of both rows so far.
    template <bool PARTLY_SEEN>
    MEMBER void take(float (&scores)[KEYS / 8][4], float (&rescale)[2], const Shape& shape, int first_query, int key)
    {
#pragma unroll
        for (int half = 0; half < 2; half++)
        {
            if constexpr (PARTLY_SEEN)
                hide_invisible(scores, half, visible_keys(shape, first_query + row_of(half)), key);
            rescale[half] = take_weights(scores, half, rows[half], Element::parts(shape).log2);
        }
    }

    // The scores of the tile at `key`, and meanwhile the outputs of the tile before, whose weights are given and are replaced by those of this one.
    template <bool PARTLY_SEEN>
    MEMBER void step(
        unsigned (&weights)[KEY_STEPS][4], const unsigned short* k, const unsigned short* v, const Shape& shape, int first_query, int key, int end,
        int last_tile)
    {
        float scores[KEYS / 8][4], rescale[2];
        int this_tile = TILE_BYTES - last_tile;
        begin_products();
        start_scores(scores, KEY_TILES + this_tile);
        start_outputs(weights, VALUE_TILES + last_tile);
        copy_rows(KEY_TILES + last_tile, k, key + KEYS, end);
        copy_rows(VALUE_TILES + this_tile, v, key, end);
        commit_copies();
        wait_for_products<1>();
        hold(scores);
        take<PARTLY_SEEN>(scores, rescale, shape, first_query, key);
        // clang computes the weights before this wait; ptxas of CUDA 13.0 moves most of them behind it all the same.
        hold(scores);
        wait_for_products<0>();
        hold(output);
        rescale_row(output, 0, rescale[0]);
        rescale_row(output, 1, rescale[1]);
        pack(weights, scores);
    }

    // Attends to the keys of `visit`, which is not empty; q, k and v are those of the tile and head.
    MEMBER void run(
        const unsigned short* tile_q, const unsigned short* k, const unsigned short* v, const Shape& shape, int first_query, KeyRange visit)
    {
        float scores[KEYS / 8][4], rescale[2];
        unsigned weights[KEY_STEPS][4];
        copy_tile_async<TILE_ROWS, HEAD_DIM / 8, PANEL_CHUNKS, THREADS>(shared(0), tile_q, shape.queries - first_query);
        copy_rows(KEY_TILES, k, visit.begin, visit.end);
        commit_copies();
        copy_rows(KEY_TILES + TILE_BYTES, k, visit.begin + KEYS, visit.end);
        copy_rows(VALUE_TILES, v, visit.begin, visit.end);
        commit_copies();
        wait_for_copies<1>();
        scale_queries(Element::parts(shape).queries);
        show_to_tensor_cores();
        __syncthreads();
        begin_products();
        start_scores(scores, KEY_TILES);
        wait_for_products<0>();
        hold(scores);
        take<true>(scores, rescale, shape, first_query, visit.begin);
        pack(weights, scores);

        int last_tile = 0;
#pragma unroll 1
        for (int key = visit.begin + KEYS; key < visit.end; key += KEYS)
        {
            // The keys of this tile and the values of the last are there, and every warp is done with the keys and values before them, whose
            // places the copies of the step fill.
            wait_for_copies<0>();
            show_to_tensor_cores();
            __syncthreads();
            if (is_partly_seen(shape, first_query, key))
                step<true>(weights, k, v, shape, first_query, key, visit.end, last_tile);
            else
                step<false>(weights, k, v, shape, first_query, key, visit.end, last_tile);
            last_tile = TILE_BYTES - last_tile;
        }
        wait_for_copies<0>();
        show_to_tensor_cores();
        __syncthreads();
        begin_products();
        start_outputs(weights, VALUE_TILES + last_tile);
        wait_for_products<0>();
        hold(output);
    }

    MEMBER void clear()
    {
        rows[0] = rows[1] = empty_row();
#pragma unroll
        for (int c = 0; c < HEAD_DIM / 8; c++)
#pragma unroll
            for (int i = 0; i < 4; i++)
                output[c][i] = 0;
    }

    MEMBER void store(const Targets& targets, const Shape& shape, int head, int first_query) const
    {
#pragma unroll
        for (int half = 0; half < 2; half++)
            store_row<Element>(targets, shape, head, first_query + row_of(half), output, half, rows[half]);
    }
};

template <class Tiles, int HEAD_DIM>
DEVICE void flash_wgmma(
    const unsigned short* q, const unsigned short* k, const unsigned short* v, const Targets& targets, const Shape& shape)
{
    auto [first_query, head, q_offset, kv_offset, visit] = query_tile<Tiles::TILE_ROWS, HEAD_DIM>(shape);
    Tiles tiles;
    tiles.clear();
    if (visit.begin < visit.end)
        tiles.run(q + q_offset + (long long)first_query * HEAD_DIM, k + kv_offset, v + kv_offset, shape, first_query, visit);
    tiles.store(targets, shape, head, first_query);
}
