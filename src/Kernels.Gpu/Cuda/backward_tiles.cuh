// The pairs of one block of the backward pass in float32: rows that it owns against tiles of columns. Rows are queries and columns keys for dQ, and
// the other way round for dK and dV. The weights and the gradients of the scores of a pair are computed for both, so that every sum has one owner
// and one order, which atomics would not give.
//
// With P = exp(scores − lse) and dS = P ∘ (dO·Vᵀ − D), a pair needs the products scores and dO·Vᵀ, and adds dS · column to its row; for keys
// it adds P · dO as well. Together these are seven products of 2 · channels operations, where the operation has five (Dao 2023, section 3.1).
// For each tile of rows, a column is read once: 8 · channels bytes, and 8 more of its statistics for keys, for TILE_ROWS pairs.
#pragma once
#include "float_products.cuh"
#include "row_end.cuh"

// What a pair needs to know of its query: the log-sum-exp of its scores in natural units, +∞ where it sees no key and so has weights of zero; and
// D, the sum over channels of dO ∘ O.
struct __align__(8) RowStatistics
{
    float lse, gradient;
};

// Columns of several heads that share the rows, tile by tile: those of `visit` of each head.
template <int HEAD_DIM, int COLUMNS>
struct ColumnTiles
{
    // The factor of the scores, then that of dO·Vᵀ; the first head's.
    const float *first, *second;
    KeyRange visit;
    int heads, tokens;

    MEMBER int per_head() const { return visit.begin < visit.end ? (visit.end - visit.begin + COLUMNS - 1) / COLUMNS : 0; }
    MEMBER int count() const { return heads * per_head(); }
    MEMBER int head(int tile) const { return tile / per_head(); }
    MEMBER int column(int tile) const { return visit.begin + tile % per_head() * COLUMNS; }
    MEMBER long long offset(int tile) const { return ((long long)head(tile) * tokens + column(tile)) * HEAD_DIM; }
};

template <int HEAD_DIM, int COLUMNS, int ROWS, bool OF_KEYS>
struct BackwardTiles : FloatProducts<HEAD_DIM, COLUMNS, ROWS>
{
    using Products = FloatProducts<HEAD_DIM, COLUMNS, ROWS>;
    using Columns = ColumnTiles<HEAD_DIM, COLUMNS>;
    using Products::first_row, Products::lane, Products::shared, Products::shared4;
    static constexpr int ROWS_OF_TEAM = ROWS;
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
        Products::copy_columns(tile, first + columns.offset(index), columns.visit.end - columns.column(index));
    }

    // Makes weights of the scores, and gradients of the scores of dO·Vᵀ.
    static MEMBER void take_pairs(float (&scores)[ROWS][LANE_COLUMNS], float (&products)[ROWS][LANE_COLUMNS], const RowStatistics* statistics)
    {
#pragma unroll
        for (int r = 0; r < ROWS; r++)
#pragma unroll
            for (int j = 0; j < LANE_COLUMNS; j++)
            {
                RowStatistics of_query = statistics[OF_KEYS ? j : r];
                scores[r][j] = exp2_fast(fmaf(-LOG2_E, of_query.lse, scores[r][j]));
                products[r][j] = scores[r][j] * (products[r][j] - of_query.gradient);
            }
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

    // Sums over all columns. `seen` says which columns a row sees. For keys, statistics are those of the first column of the first head; for queries,
    // those of this lane's rows. The rows lie in shared memory, which no barrier has shown to the other threads yet.
    MEMBER void run(const Columns& columns, const RowStatistics* statistics, const Shape& seen, int first_row_of_tile)
    {
#pragma unroll
        for (int r = 0; r < ROWS; r++)
#pragma unroll
            for (int c = 0; c < LANE_CHUNKS; c++)
                gradient[r][c] = value_gradient[r][c] = {0, 0, 0, 0};
        int count = columns.count();
        if (count == 0)
            return;
        int row = first_row_of_tile + first_row();
        KeyRange seen_by_team = seen_by_all(seen, row, row + ROWS - 1);
        copy_columns(SECOND_COLUMNS, columns.second, columns, 0);
#pragma unroll 1
        for (int tile = 0; tile < count; tile++)
        {
            int column = columns.column(tile);
            RowStatistics of_columns[LANE_COLUMNS];
#pragma unroll
            for (int j = 0; OF_KEYS && j < LANE_COLUMNS; j++)
            {
                int query = column + lane() + j * TEAM_LANES;
                of_columns[j] = {0, 0};
                if (query < columns.visit.end)
                    of_columns[j] = statistics[(long long)columns.head(tile) * columns.tokens + query];
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
            take_pairs(scores, products, OF_KEYS ? of_columns : statistics);
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
