// The two products of kernels on tensor cores, a warp by itself, from tiles in shared memory. A warp owns ROW_TILES × 16 rows and needs no other warp's
// numbers. Left factors of its rows stay in registers; sums lie as fragment.cuh says, so that those of one product are left factors of the next. Rows
// are queries and columns keys, or the other way round.
#pragma once
#include "fragment.cuh"
#include "tile.cuh"

template <class Element, int HEAD_DIM, int WARPS, int ROW_TILES>
struct MmaProducts
{
    using Type = Element;
    static constexpr int THREADS = WARPS * THREADS_OF_WARP;
    static constexpr int WARP_ROWS = ROW_TILES * 16;
    static constexpr int TILE_ROWS = WARPS * WARP_ROWS;
    static constexpr int ROW_CHUNKS = HEAD_DIM / 8;
    static constexpr int CHANNEL_STEPS = HEAD_DIM / 16;
    static constexpr int ROW_BYTES = HEAD_DIM * 2;

    // Of a warp: its rows as left factors, its sums in each channel, and numbers of its rows with 16 · STEPS columns.
    using Left = unsigned[CHANNEL_STEPS][ROW_TILES][4];
    using Sums = float[ROW_TILES][2 * CHANNEL_STEPS][4];
    template <int STEPS>
    using Pairs = float[ROW_TILES][2 * STEPS][4];

    static MEMBER int warp() { return thread_x() / THREADS_OF_WARP; }
    static MEMBER int first_row() { return warp() * WARP_ROWS; }
    static MEMBER unsigned address(int tile, int row, int chunk)
    {
        return shared_address(shared_memory) + tile + chunk_index<ROW_CHUNKS>(row, chunk) * CHUNK_BYTES;
    }

    // The row within the tile of a lane's numbers: half 0 or 1 of one of the warp's row tiles.
    static MEMBER int row_of(int row_tile, int half) { return first_row() + row_tile * 16 + half * 8 + lane_of_warp() / 4; }

    template <int ROWS>
    static MEMBER void copy_tile(int tile, const unsigned short* first, int valid_rows)
    {
        copy_tile_async<ROWS, ROW_CHUNKS, ROW_CHUNKS, THREADS>(shared_address(shared_memory) + tile, first, valid_rows);
    }

    static MEMBER void load_left(Left& left, int tile)
    {
#pragma unroll
        for (int step = 0; step < CHANNEL_STEPS; step++)
#pragma unroll
            for (int t = 0; t < ROW_TILES; t++)
                load_matrices(left[step][t], address(tile, first_row() + t * 16 + lane_of_warp() % 16, 2 * step + lane_of_warp() / 16));
    }

    // Twice the same factor of 16 bits.
    static MEMBER void scale_left(Left& left, unsigned factor)
    {
#pragma unroll
        for (int step = 0; step < CHANNEL_STEPS; step++)
#pragma unroll
            for (int t = 0; t < ROW_TILES; t++)
#pragma unroll
                for (int i = 0; i < 4; i++)
                    left[step][t][i] = Element::multiply(left[step][t][i], factor);
    }

    template <int TILES>
    static MEMBER void clear(float (&sums)[ROW_TILES][TILES][4])
    {
#pragma unroll
        for (int t = 0; t < ROW_TILES; t++)
#pragma unroll
            for (int j = 0; j < TILES; j++)
#pragma unroll
                for (int i = 0; i < 4; i++)
                    sums[t][j][i] = 0;
    }

    // products = rows · columnsᵀ, of the columns of a tile from `first_column` on.
    template <int STEPS>
    static MEMBER void multiply(Pairs<STEPS>& products, const Left& left, int columns, int first_column)
    {
        int lane = here(lane_of_warp());
        clear(products);
#pragma unroll
        for (int step = 0; step < CHANNEL_STEPS; step++)
        {
#pragma unroll
            for (int j = 0; j < STEPS; j++)
            {
                // 16 columns × 16 channels; what is a column of the product is a row in memory, so nothing is transposed.
                unsigned right[4];
                load_matrices(right, address(columns, first_column + j * 16 + lane / 16 * 8 + lane % 8, 2 * step + lane / 8 % 2));
#pragma unroll
                for (int t = 0; t < ROW_TILES; t++)
                {
                    Element::multiply_add(products[t][2 * j], left[step][t], right[0], right[1]);
                    Element::multiply_add(products[t][2 * j + 1], left[step][t], right[2], right[3]);
                }
            }
        }
    }

    // sums += weights · columns, with the weights rounded to the type of the columns.
    template <int STEPS>
    static MEMBER void add_product(const Pairs<STEPS>& weights, int columns, int first_column, Sums& sums)
    {
        int lane = here(lane_of_warp());
#pragma unroll
        for (int step = 0; step < STEPS; step++)
        {
            unsigned left[ROW_TILES][4];
#pragma unroll
            for (int t = 0; t < ROW_TILES; t++)
                pack_weights<Element>(left[t], weights[t], step);
#pragma unroll
            for (int c = 0; c < CHANNEL_STEPS; c++)
            {
                // 16 columns × 16 channels; what is a row of the product is a row in memory, and the product wants columns: transposed.
                unsigned right[4];
                load_matrices_transposed(right, address(columns, first_column + step * 16 + lane % 16, 2 * c + lane / 16));
#pragma unroll
                for (int t = 0; t < ROW_TILES; t++)
                {
                    Element::multiply_add(sums[t][2 * c], left[t], right[0], right[1]);
                    Element::multiply_add(sums[t][2 * c + 1], left[t], right[2], right[3]);
                }
            }
        }
    }
};
