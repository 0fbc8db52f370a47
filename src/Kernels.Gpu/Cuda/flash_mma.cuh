// FlashAttention-2 forward on tensor cores (Dao 2023, algorithm 1): inputs of 16 bits, float sums, weights rounded to the type of the values. Tiles of
// keys and values arrive through a ring of STAGES buffers, copied while earlier ones are used.
#pragma once
#include "copy_ring.cuh"
#include "fragment_rows.cuh"
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

    // The keys of `visit`, tile by tile.
    struct KeyTiles
    {
        const unsigned short *k, *v;
        KeyRange visit;

        MEMBER int count() const { return (visit.end - visit.begin + KEYS - 1) / KEYS; }
        MEMBER int key(int tile) const { return visit.begin + tile * KEYS; }
    };

    static MEMBER void copy_stage(int stage, const KeyTiles& tiles, int tile)
    {
        int target = RING + stage * STAGE_BYTES, key = tiles.key(tile);
        long long first = (long long)key * HEAD_DIM;
        Products::template copy_tile<KEYS>(target, tiles.k + first, tiles.visit.end - key);
        Products::template copy_tile<KEYS>(target + TILE_BYTES, tiles.v + first, tiles.visit.end - key);
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
        KeyTiles tiles = {k, v, visit};
        CopyRing<MmaTiles, STAGES> ring;
        commit_copies();
        ring.start(tiles);
        ring.wait_for_earlier();
        Products::load_left(q, 0);
        Products::scale_left(q, scale.queries);

#pragma unroll 1
        for (int index = 0; index < tiles.count(); index++)
        {
            int key = tiles.key(index), tile = RING + ring.next(tiles, index) * STAGE_BYTES;
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
            store_row<typename Tiles::Type>(
                targets, shape, head, first_query + tiles.row_of(t, half), tiles.output[t], half, tiles.rows[t][half]);
}
