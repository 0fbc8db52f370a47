// The two products of float32 kernels on registers, from tiles in shared memory. 128 threads stand in 8 teams of 16 lanes; a team owns ROWS rows. A
// lane has the products of its rows with the columns lane, lane + 16, …, and sums in the channels 4 lane … 4 lane + 3 (and 64 further on, for 128
// channels). Rows are queries and columns keys, or the other way round.
//
// What bounds them is shared memory, from which a lane loads a row and a column for each product of both: r rows and c columns are r + c loads for r · c
// multiply-adds. So with SPLIT lanes compute parts of sums for 8 columns, and of 8 channels, in place of whole sums of fewer: several lanes share the
// channels of a product, or the columns of a sum, and add up their parts afterwards. Their parts and sums take 128 registers, so that addresses are
// computed here and not kept through a loop over tiles.
#pragma once
#include "tile.cuh"

#define TEAMS 8
#define TEAM_LANES 16
#define FLOAT_THREADS (TEAMS * TEAM_LANES)

DEVICE float4 add_scaled(float4 sum, float weight, float4 added)
{
    return {fmaf(weight, added.x, sum.x), fmaf(weight, added.y, sum.y), fmaf(weight, added.z, sum.z), fmaf(weight, added.w, sum.w)};
}

DEVICE void add_of_lane(float& sum, float sent, int lanes) { sum += shuffle_xor(sent, lanes); }

DEVICE void add_of_lane(float4& sum, float4 sent, int lanes)
{
    add_of_lane(sum.x, sent.x, lanes), add_of_lane(sum.y, sent.y, lanes);
    add_of_lane(sum.z, sent.z, lanes), add_of_lane(sum.w, sent.w, lanes);
}

// Of each PARTS sums a lane keeps the first, to which it adds what other lanes have of it: lane l of PARTS, TEAM_LANES / PARTS apart, has its sum
// number i where lane 0 has number i ^ l.
template <int PARTS, class Sum, int COUNT>
DEVICE void join_parts(Sum (&sums)[COUNT])
{
#pragma unroll
    for (int half = PARTS / 2; half > 0; half /= 2)
#pragma unroll
        for (int first = 0; first < COUNT; first += PARTS)
#pragma unroll
            for (int i = 0; i < half; i++)
                add_of_lane(sums[first + i], sums[first + i + half], half * (TEAM_LANES / PARTS));
#pragma unroll
    for (int i = 0; i < COUNT / PARTS; i++)
        sums[i] = sums[i * PARTS];
}

template <int HEAD_DIM, int COLUMNS, int ROWS, bool SPLIT = false>
struct FloatProducts
{
    // Lanes that share the channels of a product, and those that share the columns of a sum.
    static constexpr int CHANNEL_PARTS = SPLIT ? TEAM_LANES * 8 / COLUMNS : 1;
    static constexpr int COLUMN_PARTS = SPLIT ? TEAM_LANES * 8 / HEAD_DIM : 1;
    static constexpr int TILE_ROWS = TEAMS * ROWS;
    static constexpr int ROW_CHUNKS = HEAD_DIM / 4;
    static constexpr int LANE_COLUMNS = COLUMNS / TEAM_LANES;
    static constexpr int LANE_CHUNKS = ROW_CHUNKS / TEAM_LANES;
    static constexpr int SUM_CHUNKS = LANE_CHUNKS * COLUMN_PARTS;

    static MEMBER int team() { return thread_x() / TEAM_LANES; }
    static MEMBER int lane() { return thread_x() % TEAM_LANES; }
    static MEMBER float* shared() { return (float*)shared_memory; }
    static MEMBER float4* shared4(int index) { return (float4*)shared() + index; }
    static MEMBER int first_row() { return team() * ROWS; }

    // Two teams share a warp and write the weights of the same column at once: the second keeps its columns in the other half of the banks.
    static MEMBER int weight_column(int column) { return column ^ (team() % 2 * 16); }

    // Where a lane leaves the weight of its first row and a column, and finds those of four. Other rows lie COLUMNS further on.
    static MEMBER float* weight_place(int weights, int column) { return shared() + weights + here(first_row() * COLUMNS) + weight_column(column); }

    // Leaves numbers of this lane's rows and columns, where the lanes of its team find them.
    static MEMBER void share(int weights, const float (&numbers)[ROWS][LANE_COLUMNS])
    {
        int first = here(lane());
#pragma unroll
        for (int j = 0; j < LANE_COLUMNS; j++)
        {
            float* place = weight_place(weights, first + j * TEAM_LANES);
#pragma unroll
            for (int r = 0; r < ROWS; r++)
                place[r * COLUMNS] = numbers[r][j];
        }
    }

    static MEMBER void copy_columns(int tile, const float* first, int valid_rows)
    {
        copy_tile_async<COLUMNS, ROW_CHUNKS, ROW_CHUNKS, FLOAT_THREADS>(shared_address(shared() + here(tile)), first, valid_rows);
        commit_copies();
    }

    // products = rows · columnsᵀ. Rows lie one after the other, columns in chunks that are exchanged.
    static MEMBER void multiply(int row_tile, int column_tile, float (&products)[ROWS][LANE_COLUMNS])
    {
        constexpr int STRIDE = TEAM_LANES / CHANNEL_PARTS, PART_CHUNKS = ROW_CHUNKS / CHANNEL_PARTS, COUNT = LANE_COLUMNS * CHANNEL_PARTS;
        // As much as registers hold of what is loaded ahead.
        constexpr int UNROLLED = SPLIT ? 1 : 2;
        int own = here(lane()), part = CHANNEL_PARTS == 1 ? 0 : own / STRIDE;
        const float4* rows = shared4(row_tile / 4 + here(first_row() * ROW_CHUNKS));
        float parts[ROWS][COUNT];
#pragma unroll
        for (int r = 0; r < ROWS; r++)
#pragma unroll
            for (int j = 0; j < COUNT; j++)
                parts[r][j] = 0;
#pragma unroll UNROLLED
        for (int step = 0; step < PART_CHUNKS; step++)
        {
            // In an order of each part's own, so that lanes that read other channels of a row read them from other banks.
            int chunk = part * PART_CHUNKS + (step ^ part);
            float4 b[COUNT];
#pragma unroll
            for (int j = 0; j < COUNT; j++)
            {
                int column = own % STRIDE + (j % CHANNEL_PARTS ^ part) * STRIDE;
                b[j] = shared4(column_tile / 4 + chunk_index<ROW_CHUNKS>(column, chunk))[j / CHANNEL_PARTS * TEAM_LANES * ROW_CHUNKS];
            }
#pragma unroll
            for (int r = 0; r < ROWS; r++)
            {
                float4 a = rows[r * ROW_CHUNKS + chunk];
#pragma unroll
                for (int j = 0; j < COUNT; j++)
                    parts[r][j] = fmaf(a.w, b[j].w, fmaf(a.z, b[j].z, fmaf(a.y, b[j].y, fmaf(a.x, b[j].x, parts[r][j]))));
            }
        }
#pragma unroll
        for (int r = 0; r < ROWS; r++)
        {
            join_parts<CHANNEL_PARTS>(parts[r]);
#pragma unroll
            for (int j = 0; j < LANE_COLUMNS; j++)
                products[r][j] = parts[r][j];
        }
    }

    // sums += weights · columns, with the weights that weight_place found a place for. Of each sum a lane adds a part, until join_sums.
    static MEMBER void add_product(int weights_tile, int column_tile, float4 (&sums)[ROWS][SUM_CHUNKS])
    {
        // Eight columns, after which chunks are exchanged in the same way again.
        constexpr int STRIDE = TEAM_LANES / COLUMN_PARTS, UNROLLED = 2 / COLUMN_PARTS;
        int own = here(lane()), part = COLUMN_PARTS == 1 ? 0 : own / STRIDE;
#pragma unroll UNROLLED
        for (int column = 4 * part; column < COLUMNS; column += 4 * COLUMN_PARTS)
        {
            float4 weights[ROWS];
#pragma unroll
            for (int r = 0; r < ROWS; r++)
                weights[r] = ((const float4*)weight_place(weights_tile, column))[r * (COLUMNS / 4)];
#pragma unroll
            for (int k = 0; k < 4; k++)
            {
                float4 added[SUM_CHUNKS];
#pragma unroll
                for (int c = 0; c < SUM_CHUNKS; c++)
                    added[c] = *shared4(column_tile / 4 + chunk_index<ROW_CHUNKS>(column + k, own % STRIDE + (c ^ part) * STRIDE));
#pragma unroll
                for (int r = 0; r < ROWS; r++)
#pragma unroll
                    for (int c = 0; c < SUM_CHUNKS; c++)
                    {
                        float weight = k == 0 ? weights[r].x : k == 1 ? weights[r].y : k == 2 ? weights[r].z : weights[r].w;
                        sums[r][c] = add_scaled(sums[r][c], weight, added[c]);
                    }
            }
        }
    }

    // Afterwards the first LANE_CHUNKS are whole sums.
    static MEMBER void join_sums(float4 (&sums)[ROWS][SUM_CHUNKS])
    {
#pragma unroll
        for (int r = 0; r < ROWS; r++)
            join_parts<COLUMN_PARTS>(sums[r]);
    }
};
