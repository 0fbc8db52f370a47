// The two products of float32 kernels on registers, from tiles in shared memory. 128 threads stand in 8 teams of 16 lanes; a team owns ROWS rows. A
// lane computes the products of its rows with the columns lane, lane + 16, …, and sums in the channels 4 lane … 4 lane + 3 (and 64 further on, for 128
// channels). Rows are queries and columns keys, or the other way round.
#pragma once
#include "tile.cuh"

#define TEAMS 8
#define TEAM_LANES 16
#define FLOAT_THREADS (TEAMS * TEAM_LANES)

DEVICE float4 add_scaled(float4 sum, float weight, float4 added)
{
    return {fmaf(weight, added.x, sum.x), fmaf(weight, added.y, sum.y), fmaf(weight, added.z, sum.z), fmaf(weight, added.w, sum.w)};
}

template <int HEAD_DIM, int COLUMNS, int ROWS>
struct FloatProducts
{
    static constexpr int TILE_ROWS = TEAMS * ROWS;
    static constexpr int ROW_CHUNKS = HEAD_DIM / 4;
    static constexpr int LANE_COLUMNS = COLUMNS / TEAM_LANES;
    static constexpr int LANE_CHUNKS = ROW_CHUNKS / TEAM_LANES;

    static MEMBER int team() { return thread_x() / TEAM_LANES; }
    static MEMBER int lane() { return thread_x() % TEAM_LANES; }
    static MEMBER float* shared() { return (float*)shared_memory; }
    static MEMBER float4* shared4(int index) { return (float4*)shared() + index; }
    static MEMBER int first_row() { return team() * ROWS; }

    // Two teams share a warp and write the weights of the same column at once: the second keeps its columns in the other half of the banks.
    static MEMBER int weight_column(int column) { return column ^ (team() % 2 * 16); }

    // Where a lane leaves the weight of one of its rows and a column, and finds those of four.
    static MEMBER int weight_place(int weights, int row, int column) { return weights + (first_row() + row) * COLUMNS + weight_column(column); }

    static MEMBER void copy_columns(int tile, const float* first, int valid_rows)
    {
        copy_tile_async<COLUMNS, ROW_CHUNKS, ROW_CHUNKS, FLOAT_THREADS>(shared_address(shared() + tile), first, valid_rows);
        commit_copies();
    }

    // products = rows · columnsᵀ. Rows lie one after the other, columns in chunks that are exchanged.
    static MEMBER void multiply(int row_tile, int column_tile, float (&products)[ROWS][LANE_COLUMNS])
    {
#pragma unroll
        for (int r = 0; r < ROWS; r++)
#pragma unroll
            for (int j = 0; j < LANE_COLUMNS; j++)
                products[r][j] = 0;
#pragma unroll 2
        for (int chunk = 0; chunk < ROW_CHUNKS; chunk++)
        {
            float4 b[LANE_COLUMNS];
#pragma unroll
            for (int j = 0; j < LANE_COLUMNS; j++)
                b[j] = *shared4(column_tile / 4 + chunk_index<ROW_CHUNKS>(lane() + j * TEAM_LANES, chunk));
#pragma unroll
            for (int r = 0; r < ROWS; r++)
            {
                float4 a = *shared4(row_tile / 4 + (first_row() + r) * ROW_CHUNKS + chunk);
#pragma unroll
                for (int j = 0; j < LANE_COLUMNS; j++)
                    products[r][j] = fmaf(a.w, b[j].w, fmaf(a.z, b[j].z, fmaf(a.y, b[j].y, fmaf(a.x, b[j].x, products[r][j]))));
            }
        }
    }

    // sums += weights · columns, with the weights that weight_place found a place for.
    static MEMBER void add_product(int weights_tile, int column_tile, float4 (&sums)[ROWS][LANE_CHUNKS])
    {
#pragma unroll 1
        for (int column = 0; column < COLUMNS; column += 4)
        {
            float4 weights[ROWS];
#pragma unroll
            for (int r = 0; r < ROWS; r++)
                weights[r] = *shared4(weight_place(weights_tile, r, column) / 4);
#pragma unroll
            for (int k = 0; k < 4; k++)
            {
                float4 added[LANE_CHUNKS];
#pragma unroll
                for (int c = 0; c < LANE_CHUNKS; c++)
                    added[c] = *shared4(column_tile / 4 + chunk_index<ROW_CHUNKS>(column + k, lane() + c * TEAM_LANES));
#pragma unroll
                for (int r = 0; r < ROWS; r++)
#pragma unroll
                    for (int c = 0; c < LANE_CHUNKS; c++)
                    {
                        float weight = k == 0 ? weights[r].x : k == 1 ? weights[r].y : k == 2 ? weights[r].z : weights[r].w;
                        sums[r][c] = add_scaled(sums[r][c], weight, added[c]);
                    }
            }
        }
    }
};
