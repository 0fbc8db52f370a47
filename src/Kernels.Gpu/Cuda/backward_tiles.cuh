// The pairs of one block of the backward pass in float32: rows that it owns against tiles of columns, by multiply-adds on registers. For each tile of rows,
// a column is read once: 8 · channels bytes, and 8 more of its statistics for keys, for TILE_ROWS pairs.
#pragma once
#include "backward.cuh"
#include "float_products.cuh"

template <int HEAD_DIM, int COLUMNS, int ROWS, bool OF_KEYS>
struct BackwardTiles : FloatProducts<HEAD_DIM, COLUMNS, ROWS>
{
    using Products = FloatProducts<HEAD_DIM, COLUMNS, ROWS>;
    using Number = float;
    using Columns = ColumnTiles<float, HEAD_DIM, COLUMNS>;
    using Products::first_row, Products::lane, Products::shared, Products::shared4;
    static constexpr int CHANNELS = HEAD_DIM;
    static constexpr int TILE_ROWS = Products::TILE_ROWS;
    static constexpr int ROW_CHUNKS = Products::ROW_CHUNKS;
    static constexpr int LANE_COLUMNS = Products::LANE_COLUMNS;
    static constexpr int LANE_CHUNKS = Products::LANE_CHUNKS;

    // Shared memory, in floats from its beginning. First factors are those of the scores, second those of dO·Vᵀ.
    static constexpr int FIRST_ROWS = 0;
    static constexpr int SECOND_ROWS = FIRST_ROWS + TILE_ROWS * HEAD_DIM;
    static constexpr int FIRST_COLUMNS = SECOND_ROWS + TILE_ROWS * HEAD_DIM;
    static constexpr int SECOND_COLUMNS = FIRST_COLUMNS + COLUMNS * HEAD_DIM;
    static constexpr int GRADIENTS = SECOND_COLUMNS + COLUMNS * HEAD_DIM;
    static constexpr int WEIGHTS = GRADIENTS + TILE_ROWS * COLUMNS;

    // Of dS · columns; and for keys of P · dO.
    float4 gradient[ROWS][LANE_CHUNKS], value_gradient[ROWS][LANE_CHUNKS];

    // Of the rows of this thread's team, where they are queries.
    RowStatistics of_rows[ROWS];

    // Dense rows times a factor. Rows that do not exist are zeros.
    static MEMBER void load_rows(int tile, const float* first, int valid_rows, float factor)
    {
        for (int i = thread_x(); i < TILE_ROWS * ROW_CHUNKS; i += FLOAT_THREADS)
        {
            float4 x = {0, 0, 0, 0};
            if (i / ROW_CHUNKS < valid_rows)
                x = ((const float4*)first)[i];
            *shared4(tile / 4 + i) = {x.x * factor, x.y * factor, x.z * factor, x.w * factor};
        }
    }

    static MEMBER void copy_columns(int tile, const float* first, const Columns& columns, int index)
    {
        Products::copy_columns(tile, first + columns.row(index) * HEAD_DIM, columns.valid(index));
    }

    // Fetches what the block owns. First rows take the scale, so that scores need no factor.
    static MEMBER void start(const float* first, const float* second, int valid_rows, const Columns& columns, const Shape& shape)
    {
        load_rows(FIRST_ROWS, first, valid_rows, shape.scale_log2);
        load_rows(SECOND_ROWS, second, valid_rows, 1);
        if (columns.count() > 0)
            copy_columns(SECOND_COLUMNS, columns.second, columns, 0);
    }

    // The statistics of the rows of this thread's team, which are queries; and writes them.
    MEMBER void take_statistics(const float* o, const float* grad_o, const float* lse, RowStatistics* statistics, int valid_rows)
    {
#pragma unroll
        for (int r = 0; r < ROWS; r++)
        {
            int row = first_row() + r;
            float sum = 0, of_row = 0;
            if (row < valid_rows)
            {
                of_row = lse[row];
#pragma unroll
                for (int c = 0; c < LANE_CHUNKS; c++)
                {
                    int chunk = row * ROW_CHUNKS + lane() + c * TEAM_LANES;
                    float4 a = ((const float4*)o)[chunk], b = ((const float4*)grad_o)[chunk];
                    sum = fmaf(a.x, b.x, fmaf(a.y, b.y, fmaf(a.z, b.z, fmaf(a.w, b.w, sum))));
                }
            }
            of_rows[r] = {of_row * LOG2_E, sum_of_lanes<TEAM_LANES>(sum)};
        }
        // A lane writes those of one row, so that a team writes at once.
        RowStatistics own = of_rows[0];
#pragma unroll
        for (int r = 1; r < ROWS; r++)
        {
            own.lse = lane() == r ? of_rows[r].lse : own.lse;
            own.gradient = lane() == r ? of_rows[r].gradient : own.gradient;
        }
        int place = first_row() + lane();
        if (lane() < ROWS && place < valid_rows)
            statistics[place] = own;
    }

    // Both are zero where a row does not see the column, whatever was computed for them.
    static MEMBER void hide_invisible(
        float (&weights)[ROWS][LANE_COLUMNS], float (&gradients)[ROWS][LANE_COLUMNS], const Shape& seen, int first_row_of_tile, int first_column)
    {
#pragma unroll
        for (int r = 0; r < ROWS; r++)
        {
            KeyRange visible = visible_keys(seen, first_row_of_tile + first_row() + r);
#pragma unroll
            for (int j = 0; j < LANE_COLUMNS; j++)
            {
                int column = first_column + lane() + j * TEAM_LANES;
                bool hidden = column < visible.begin || column >= visible.end;
                weights[r][j] = hidden ? 0.0f : weights[r][j];
                gradients[r][j] = hidden ? 0.0f : gradients[r][j];
            }
        }
    }

    // Sums over all columns, after start(). `seen` says which columns a row sees.
    MEMBER void run(const Columns& columns, const Shape&, const Shape& seen, int first_row_of_tile)
    {
#pragma unroll
        for (int r = 0; r < ROWS; r++)
#pragma unroll
            for (int c = 0; c < LANE_CHUNKS; c++)
                gradient[r][c] = value_gradient[r][c] = {0, 0, 0, 0};
        int count = columns.count(), row = first_row_of_tile + first_row();
        KeyRange seen_by_team = seen_by_all(seen, row, row + ROWS - 1);
#pragma unroll 1
        for (int tile = 0; tile < count; tile++)
        {
            int column = columns.column(tile);
            RowStatistics of_columns[LANE_COLUMNS];
#pragma unroll
            for (int j = 0; OF_KEYS && j < LANE_COLUMNS; j++)
            {
                of_columns[j] = {0, 0};
                if (lane() + j * TEAM_LANES < columns.valid(tile))
                    of_columns[j] = columns.statistics[columns.row(tile) + lane() + j * TEAM_LANES];
            }
            // The second factors are there, and every thread is done with the first ones of the tile before.
            wait_for_copies<0>();
            __syncthreads();
            copy_columns(FIRST_COLUMNS, columns.first, columns, tile);
            float products[ROWS][LANE_COLUMNS], scores[ROWS][LANE_COLUMNS];
            Products::multiply(SECOND_ROWS, SECOND_COLUMNS, products);
            // The first factors are there, and every thread is done with the second ones, but for the sum of values.
            wait_for_copies<0>();
            __syncthreads();
            if (!OF_KEYS && tile + 1 < count)
                copy_columns(SECOND_COLUMNS, columns.second, columns, tile + 1);
            Products::multiply(FIRST_ROWS, FIRST_COLUMNS, scores);
#pragma unroll
            for (int r = 0; r < ROWS; r++)
#pragma unroll
                for (int j = 0; j < LANE_COLUMNS; j++)
                    take_pair(scores[r][j], products[r][j], 1, OF_KEYS ? of_columns[j] : of_rows[r]);
            if (column < seen_by_team.begin || column + COLUMNS > minimum(seen_by_team.end, columns.visit.end))
                hide_invisible(scores, products, seen, first_row_of_tile, column);
            Products::share(GRADIENTS, products);
            if (OF_KEYS)
                Products::share(WEIGHTS, scores);
            __syncthreads();
            if (OF_KEYS)
            {
                Products::add_product(WEIGHTS, SECOND_COLUMNS, value_gradient);
                __syncthreads();
                if (tile + 1 < count)
                    copy_columns(SECOND_COLUMNS, columns.second, columns, tile + 1);
            }
            Products::add_product(GRADIENTS, FIRST_COLUMNS, gradient);
        }
    }

    // Writes the sums of the rows that exist, times a factor.
    static MEMBER void store(float* first, const float4 (&sums)[ROWS][LANE_CHUNKS], int valid_rows, float factor)
    {
#pragma unroll
        for (int r = 0; r < ROWS; r++)
        {
            if (first_row() + r >= valid_rows)
                break;
#pragma unroll
            for (int c = 0; c < LANE_CHUNKS; c++)
            {
                float4 s = sums[r][c];
                ((float4*)first)[(first_row() + r) * ROW_CHUNKS + lane() + c * TEAM_LANES] = {s.x * factor, s.y * factor, s.z * factor, s.w * factor};
            }
        }
    }
};
