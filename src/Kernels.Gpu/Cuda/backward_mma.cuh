// The pairs of one block of the backward pass on tensor cores: rows that it owns against tiles of columns. Inputs of 16 bits, float sums; weights and
// gradients of scores are rounded to the type of the inputs where they multiply columns. Sums of the two products of a pair lie as left factors of the
// next, which therefore need no shared memory. Columns arrive through a ring of STAGES buffers, and a warp takes STEP of them at a time.
#pragma once
#include "backward.cuh"
#include "copy_ring.cuh"
#include "mma_products.cuh"

template <class Element, int HEAD_DIM, int COLUMNS, int STEP, int WARPS, int ROW_TILES, int STAGES, bool OF_KEYS>
struct BackwardMma : MmaProducts<Element, HEAD_DIM, WARPS, ROW_TILES>
{
    using Products = MmaProducts<Element, HEAD_DIM, WARPS, ROW_TILES>;
    using Number = unsigned short;
    using Columns = ColumnTiles<Number, HEAD_DIM, COLUMNS>;
    using Sums = typename Products::Sums;
    using Pairs = typename Products::template Pairs<STEP / 16>;
    using Products::first_row, Products::row_of;
    static constexpr int CHANNELS = HEAD_DIM;
    static constexpr int TILE_ROWS = Products::TILE_ROWS;
    static constexpr int ROW_CHUNKS = Products::ROW_CHUNKS;
    static constexpr int THREADS = Products::THREADS;

    // Shared memory, in bytes from its beginning: rows; D of each row for queries; then the ring, each stage columns and, for keys, their statistics.
    // First factors are those of the scores, second those of dO·Vᵀ.
    static constexpr int FIRST_ROWS = 0;
    static constexpr int SECOND_ROWS = FIRST_ROWS + TILE_ROWS * Products::ROW_BYTES;
    static constexpr int ROW_SUMS = SECOND_ROWS + TILE_ROWS * Products::ROW_BYTES;
    static constexpr int RING = ROW_SUMS + (OF_KEYS ? 0 : TILE_ROWS * (int)sizeof(float));
    static constexpr int TILE_BYTES = COLUMNS * Products::ROW_BYTES;
    static constexpr int STATISTICS = 2 * TILE_BYTES;
    static constexpr int STAGE_BYTES = STATISTICS + (OF_KEYS ? COLUMNS * (int)sizeof(RowStatistics) : 0);

    // Of dS · columns; and for keys of P · dO.
    Sums gradient, value_gradient;

    // Of this lane's rows, where they are queries.
    RowStatistics of_rows[ROW_TILES][2];

    CopyRing<BackwardMma, STAGES> ring;

    static MEMBER void copy_stage(int stage, const Columns& columns, int tile)
    {
        int target = RING + stage * STAGE_BYTES, valid = columns.valid(tile);
        long long row = columns.row(tile);
        Products::template copy_tile<COLUMNS>(target, columns.first + row * HEAD_DIM, valid);
        Products::template copy_tile<COLUMNS>(target + TILE_BYTES, columns.second + row * HEAD_DIM, valid);
        static_assert(COLUMNS <= THREADS, "a thread copies the statistics of one column");
        if (OF_KEYS && thread_x() < COLUMNS)
        {
            unsigned place = shared_address(shared_memory) + target + STATISTICS + thread_x() * (int)sizeof(RowStatistics);
            copy_async_8(place, columns.statistics + row + thread_x(), thread_x() < valid ? (int)sizeof(RowStatistics) : 0);
        }
    }

    // Starts to fetch what the block owns, and the first columns.
    MEMBER void start(const Number* first, const Number* second, int valid_rows, const Columns& columns, const Shape&)
    {
        Products::template copy_tile<TILE_ROWS>(FIRST_ROWS, first, valid_rows);
        Products::template copy_tile<TILE_ROWS>(SECOND_ROWS, second, valid_rows);
        commit_copies();
        ring.start(columns);
    }

    static MEMBER float dot(uint4 a, uint4 b)
    {
        unsigned left[4] = {a.x, a.y, a.z, a.w}, right[4] = {b.x, b.y, b.z, b.w};
        float sum = 0;
#pragma unroll
        for (int i = 0; i < 4; i++)
        {
            float2 x = Element::unpack(left[i]), y = Element::unpack(right[i]);
            sum = fmaf(x.x, y.x, fmaf(x.y, y.y, sum));
        }
        return sum;
    }

    // The statistics of this lane's rows, which are queries; and writes them.
    MEMBER void take_statistics(const Number* o, const Number* grad_o, const float* lse, RowStatistics* statistics, int valid_rows)
    {
        float* sums = (float*)(shared_memory + ROW_SUMS);
        int column = thread_x() % ROW_CHUNKS;
#pragma unroll
        for (int i = 0; i < TILE_ROWS * ROW_CHUNKS / THREADS; i++)
        {
            int row = thread_x() / ROW_CHUNKS + i * (THREADS / ROW_CHUNKS), chunk = row * ROW_CHUNKS + column;
            float sum = row < valid_rows ? dot(((const uint4*)o)[chunk], ((const uint4*)grad_o)[chunk]) : 0.0f;
            sum = sum_of_lanes<ROW_CHUNKS>(sum);
            if (column == 0)
                sums[row] = sum;
        }
        __syncthreads();
#pragma unroll
        for (int t = 0; t < ROW_TILES; t++)
#pragma unroll
            for (int half = 0; half < 2; half++)
            {
                int row = row_of(t, half);
                of_rows[t][half] = {row < valid_rows ? lse[row] * LOG2_E : 0.0f, sums[row]};
                if (row < valid_rows && lane_of_warp() % 4 == 0)
                    statistics[row] = of_rows[t][half];
            }
    }

    // Those of the query of a number of this lane: of its row, or of columns 2 (lane % 4) and the next of the columns that `of_columns` begins with.
    MEMBER RowStatistics of_query(int t, int i, float4 of_columns) const
    {
        if (OF_KEYS)
            return i % 2 == 0 ? RowStatistics{of_columns.x, of_columns.y} : RowStatistics{of_columns.z, of_columns.w};
        return of_rows[t][i / 2];
    }

    // Makes weights of the scores, and gradients of the scores of dO·Vᵀ. `statistics` are those of the columns.
    MEMBER void take_pairs(Pairs& scores, Pairs& products, float scale, const unsigned char* statistics) const
    {
#pragma unroll
        for (int j = 0; j < STEP / 8; j++)
        {
            float4 of_columns = {0, 0, 0, 0};
            if (OF_KEYS)
                of_columns = ((const float4*)statistics)[j * 4 + lane_of_warp() % 4];
#pragma unroll
            for (int t = 0; t < ROW_TILES; t++)
#pragma unroll
                for (int i = 0; i < 4; i++)
                    take_pair(scores[t][j][i], products[t][j][i], scale, of_query(t, i, of_columns));
        }
    }

    // Both are zero where a row does not see the column, whatever was computed for them.
    static MEMBER void hide_pairs(Pairs& weights, Pairs& gradients, const Shape& seen, int first_row_of_tile, int first_column, int end)
    {
#pragma unroll
        for (int t = 0; t < ROW_TILES; t++)
#pragma unroll
            for (int half = 0; half < 2; half++)
            {
                KeyRange visible = visible_keys(seen, first_row_of_tile + row_of(t, half));
                visible.end = minimum(visible.end, end);
                hide_invisible(weights[t], half, visible, first_column, 0);
                hide_invisible(gradients[t], half, visible, first_column, 0);
            }
    }

    // Sums over all columns, after start(). `seen` says which columns a row sees.
    MEMBER void run(const Columns& columns, const Shape& shape, const Shape& seen, int first_row_of_tile)
    {
        Products::clear(gradient);
        Products::clear(value_gradient);
        int row = first_row_of_tile + first_row(), count = columns.count();
        KeyRange any = seen_by_any(seen, row, row + Products::WARP_ROWS - 1), all = seen_by_all(seen, row, row + Products::WARP_ROWS - 1);
        ScaleParts scale = Element::parts(shape);
        typename Products::Left first, second;
        ring.wait_for_earlier();
        Products::load_left(first, FIRST_ROWS);
        Products::scale_left(first, scale.queries);
        Products::load_left(second, SECOND_ROWS);

#pragma unroll 1
        for (int tile = 0; tile < count; tile++)
        {
            int first_columns = RING + ring.next(columns, tile) * STAGE_BYTES, second_columns = first_columns + TILE_BYTES;
#pragma unroll 1
            for (int step = 0; step < COLUMNS; step += STEP)
            {
                int column = columns.column(tile) + step;
                if (column >= minimum(any.end, columns.visit.end) || column + STEP <= any.begin)
                    continue;
                Pairs weights, gradients;
                Products::template multiply<STEP / 16>(weights, first, first_columns, step);
                Products::template multiply<STEP / 16>(gradients, second, second_columns, step);
                take_pairs(weights, gradients, scale.log2, shared_memory + first_columns + STATISTICS + step * sizeof(RowStatistics));
                if (column < all.begin || column + STEP > minimum(all.end, columns.visit.end))
                    hide_pairs(weights, gradients, seen, first_row_of_tile, column, columns.visit.end);
                if (OF_KEYS)
                    Products::template add_product<STEP / 16>(weights, second_columns, step, value_gradient);
                Products::template add_product<STEP / 16>(gradients, first_columns, step, gradient);
            }
        }
    }

    // Writes the sums of the rows that exist, times a factor.
    static MEMBER void store(float* first, const Sums& sums, int valid_rows, float factor)
    {
#pragma unroll
        for (int t = 0; t < ROW_TILES; t++)
#pragma unroll
            for (int half = 0; half < 2; half++)
            {
                int row = row_of(t, half);
                if (row >= valid_rows)
                    continue;
                float2* pairs = (float2*)(first + (long long)row * HEAD_DIM) + lane_of_warp() % 4;
#pragma unroll
                for (int c = 0; c < HEAD_DIM / 8; c++)
                    pairs[c * 4] = {sums[t][c][half * 2] * factor, sums[t][c][half * 2 + 1] * factor};
            }
    }
};
