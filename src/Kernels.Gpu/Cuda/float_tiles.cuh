// float32 attention of one block: a tile of query rows against tiles of keys, both products by multiply-adds on registers.
//
// A row of this tile is a query of one head; where several query heads share a kv head, decoding lets consecutive rows be the heads of that
// group, so that the keys are read once for all of them.
#pragma once
#include "float_products.cuh"
#include "row_end.cuh"

// Which (query, head) the rows of a tile are: row r is query r / group of head first_head + r % group.
struct RowMap
{
    int first, count, group, first_head;

    MEMBER int query(int row) const { return (first + row) / group; }
    MEMBER int head(int row) const { return first_head + (first + row) % group; }
    MEMBER bool exists(int row) const { return first + row < count; }
};

template <int HEAD_DIM, int KEYS, int ROWS, bool SPLIT>
struct FloatTiles : FloatProducts<HEAD_DIM, KEYS, ROWS, SPLIT>
{
    using Products = FloatProducts<HEAD_DIM, KEYS, ROWS, SPLIT>;
    using Products::first_row, Products::lane, Products::shared, Products::shared4;
    static constexpr int TILE_ROWS = Products::TILE_ROWS;
    static constexpr int ROW_CHUNKS = Products::ROW_CHUNKS;
    static constexpr int LANE_KEYS = Products::LANE_COLUMNS;
    static constexpr int LANE_CHUNKS = Products::LANE_CHUNKS;
    static constexpr int SUM_CHUNKS = Products::SUM_CHUNKS;

    // Shared memory, in floats from its beginning.
    static constexpr int QUERY_TILE = 0;
    static constexpr int KEY_TILE = TILE_ROWS * HEAD_DIM;
    static constexpr int VALUE_TILE = KEY_TILE + KEYS * HEAD_DIM;
    static constexpr int WEIGHTS = VALUE_TILE + KEYS * HEAD_DIM;

    OnlineRow rows[ROWS];
    float4 output[ROWS][SUM_CHUNKS];

    // The queries times the scale, so that scores need no factor. Rows that do not exist are zeros.
    static MEMBER void load_queries(const float* q, const Shape& shape, const RowMap& map)
    {
        for (int i = thread_x(); i < TILE_ROWS * ROW_CHUNKS; i += FLOAT_THREADS)
        {
            int row = i / ROW_CHUNKS, chunk = i % ROW_CHUNKS;
            float4 x = {0, 0, 0, 0};
            if (map.exists(row))
            {
                long long head = head_offset(block_z(), shape.heads, map.head(row), shape.queries, HEAD_DIM);
                x = *((const float4*)(q + head + (long long)map.query(row) * HEAD_DIM) + chunk);
            }
            *shared4(i) = {x.x * shape.scale_log2, x.y * shape.scale_log2, x.z * shape.scale_log2, x.w * shape.scale_log2};
        }
    }

    static MEMBER void hide_invisible(float (&scores)[ROWS][LANE_KEYS], const Shape& shape, const RowMap& map, int first_key)
    {
        int row = here(first_row());
#pragma unroll
        for (int r = 0; r < ROWS; r++)
        {
            KeyRange visible = visible_keys(shape, map.query(row + r));
#pragma unroll
            for (int j = 0; j < LANE_KEYS; j++)
            {
                int key = first_key + lane() + j * TEAM_LANES;
                if (key < visible.begin || key >= visible.end)
                    scores[r][j] = NEGATIVE_INFINITY;
            }
        }
    }

    // Makes weights of the scores, rescales what was summed so far, and leaves the weights in shared memory.
    MEMBER void take_weights(float (&scores)[ROWS][LANE_KEYS])
    {
#pragma unroll
        for (int r = 0; r < ROWS; r++)
        {
            float max = rows[r].max;
#pragma unroll
            for (int j = 0; j < LANE_KEYS; j++)
                max = fmaxf(max, scores[r][j]);
            max = max_of_lanes<TEAM_LANES>(max);
            float base = weight_base(max);
            float rescale = exp2_fast(rows[r].max - base);
            rows[r].max = max;
            rows[r].sum *= rescale;
#pragma unroll
            for (int j = 0; j < LANE_KEYS; j++)
            {
                scores[r][j] = exp2_fast(scores[r][j] - base);
                rows[r].sum += scores[r][j];
            }
#pragma unroll
            for (int c = 0; c < SUM_CHUNKS; c++)
            {
                float4& o = output[r][c];
                o = {o.x * rescale, o.y * rescale, o.z * rescale, o.w * rescale};
            }
        }
        Products::share(WEIGHTS, scores);
    }

    // Attends to the keys of `visit`. While scores are computed the values of the tile arrive, and while values are added the next keys.
    MEMBER void run(const float* q, const float* k, const float* v, const Shape& shape, const RowMap& map, KeyRange visit)
    {
#pragma unroll
        for (int r = 0; r < ROWS; r++)
        {
            rows[r] = empty_row();
#pragma unroll
            for (int c = 0; c < SUM_CHUNKS; c++)
                output[r][c] = {0, 0, 0, 0};
        }
        if (visit.begin >= visit.end)
            return;
        KeyRange seen_by_team = seen_by_all(shape, map.query(first_row()), map.query(first_row() + ROWS - 1));
        load_queries(q, shape, map);
        Products::copy_columns(KEY_TILE, k + (long long)visit.begin * HEAD_DIM, visit.end - visit.begin);
#pragma unroll 1
        for (int key = visit.begin; key < visit.end; key += KEYS)
        {
            // The keys and queries are there, and every thread is done with the values of the tile before.
            wait_for_copies<0>();
            __syncthreads();
            Products::copy_columns(VALUE_TILE, v + (long long)key * HEAD_DIM, visit.end - key);
            float scores[ROWS][LANE_KEYS];
            Products::multiply(QUERY_TILE, KEY_TILE, scores);
            if (key < seen_by_team.begin || minimum(key + KEYS, visit.end) > seen_by_team.end || key + KEYS > visit.end)
                hide_invisible(scores, shape, map, key);
            take_weights(scores);
            // The values and weights are there, and every thread is done with the keys.
            wait_for_copies<0>();
            __syncthreads();
            if (key + KEYS < visit.end)
                Products::copy_columns(KEY_TILE, k + (long long)(key + KEYS) * HEAD_DIM, visit.end - key - KEYS);
            Products::add_product(WEIGHTS, VALUE_TILE, output);
        }
#pragma unroll
        for (int r = 0; r < ROWS; r++)
            rows[r].sum = sum_of_lanes<TEAM_LANES>(rows[r].sum);
        Products::join_sums(output);
    }
};
