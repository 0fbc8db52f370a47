// Decoding on tensor cores: the rows of a tile are the query heads of one kv head, 16 at most, so that keys and values of 16 bits are read once
// for all of them. A block is one warp with a ring of its own: it waits for memory and for nobody else.
#pragma once
#include "decode_f32.cuh"
#include "flash_mma.cuh"

template <class Tiles, int HEAD_DIM, int KEYS>
DEVICE void decode_mma(
    const unsigned short* q, const unsigned short* k, const unsigned short* v, float* memory, const Shape& shape, int splits)
{
    auto [map, kv_offset, visit] = decode_block<Tiles::TILE_ROWS, HEAD_DIM, KEYS>(shape, splits);
    Tiles tiles;
    tiles.clear();
    if (visit.begin < visit.end)
    {
#pragma unroll
        for (int i = 0; i < Tiles::TILE_ROWS * Tiles::ROW_CHUNKS / Tiles::THREADS; i++)
        {
            int chunk = i * Tiles::THREADS + thread_x();
            int row = chunk / Tiles::ROW_CHUNKS, column = chunk % Tiles::ROW_CHUNKS;
            bool exists = map.exists(row);
            long long head = exists ? head_offset(block_z(), shape.heads, map.head(row), shape.queries, HEAD_DIM) : 0;
            const unsigned short* source = q + head + (exists ? (long long)map.query(row) * HEAD_DIM + column * 8 : 0);
            copy_async(Tiles::address(0, row, column), source, exists ? CHUNK_BYTES : 0);
        }
        tiles.run(k + kv_offset, v + kv_offset, shape, map, visit);
    }
    Partials partials = partials_of<HEAD_DIM>(memory, shape, blocks_z(), splits);
#pragma unroll
    for (int half = 0; half < 2; half++)
    {
        float sum = sum_of_lanes<4>(tiles.rows[0][half].sum);
        int row = Tiles::row_of(0, half);
        if (!map.exists(row))
            continue;
        long long part = first_part(shape, block_z(), map.head(row), map.query(row), splits) + block_x();
        float2* pairs = (float2*)(partials.outputs + part * HEAD_DIM) + lane_of_warp() % 4;
#pragma unroll
        for (int c = 0; c < HEAD_DIM / 8; c++)
            pairs[c * 4] = {tiles.output[0][c][half * 2], tiles.output[0][c][half * 2 + 1]};
        if (lane_of_warp() % 4 == 0)
            partials.statistics[part] = {natural_max<typename Tiles::Type>(tiles.rows[0][half].max, shape), sum};
    }
}
