// float32 attention of one block: a tile of query rows against tiles of keys, both products by multiply-adds on registers. 128 threads stand
// in 8 teams of 16 lanes; a team owns ROWS query rows. A lane computes their scores with the keys lane, lane + 16, …, and their outputs in the
// channels 4 lane … 4 lane + 3 (and 64 further on, for 128 channels).
//
// A row of this tile is a query of one head; where several query heads share a kv head, decoding lets consecutive rows be the heads of that
// group, so that the keys are read once for all of them.
#pragma once
#include "row_end.cuh"
#include "tile.cuh"

#define TEAMS 8
#define TEAM_LANES 16
#define FLOAT_THREADS (TEAMS * TEAM_LANES)

// Which (query, head) the rows of a tile are: row r is query r / group of head first_head + r % group.
struct RowMap
{
    int first, count, group, first_head;

    MEMBER int query(int row) const { return (first + row) / group; }
    MEMBER int head(int row) const { return first_head + (first + row) % group; }
    MEMBER bool exists(int row) const { return first + row < count; }
};

template <int HEAD_DIM, int KEYS, int ROWS>
struct FloatTiles
{
    static constexpr int TILE_ROWS = TEAMS * ROWS;
    static constexpr int ROW_CHUNKS = HEAD_DIM / 4;
    static constexpr int LANE_KEYS = KEYS / TEAM_LANES;
    static constexpr int LANE_CHUNKS = ROW_CHUNKS / TEAM_LANES;

    // Shared memory, in floats from its beginning.
    static constexpr int KEY_TILE = TILE_ROWS * HEAD_DIM;
    static constexpr int VALUE_TILE = KEY_TILE + KEYS * HEAD_DIM;
    static constexpr int WEIGHTS = VALUE_TILE + KEYS * HEAD_DIM;

    OnlineRow rows[ROWS];
    float4 output[ROWS][LANE_CHUNKS];

    static MEMBER int team() { return thread_x() / TEAM_LANES; }
    static MEMBER int lane() { return thread_x() % TEAM_LANES; }
    static MEMBER float* shared() { return (float*)shared_memory; }
    static MEMBER float4* shared4(int index) { return (float4*)shared() + index; }
    static MEMBER int first_row() { return team() * ROWS; }

    // Two teams share a warp and write the weights of the same key at once: the second keeps its keys in the other half of the banks.
    static MEMBER int weight_column(int key) { return key ^ (team() % 2 * 16); }

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

    static MEMBER void copy_rows(int tile, const float* first, int valid_rows)
    {
        copy_tile_async<KEYS, ROW_CHUNKS, ROW_CHUNKS, FLOAT_THREADS>(shared_address(shared() + tile), first, valid_rows);
        commit_copies();
    }

    static MEMBER void compute_scores(float (&scores)[ROWS][LANE_KEYS])
    {
#pragma unroll
        for (int r = 0; r < ROWS; r++)
#pragma unroll
            for (int j = 0; j < LANE_KEYS; j++)
                scores[r][j] = 0;
#pragma unroll 2
        for (int chunk = 0; chunk < ROW_CHUNKS; chunk++)
        {
            float4 k[LANE_KEYS];
#pragma unroll
            for (int j = 0; j < LANE_KEYS; j++)
                k[j] = *shared4(KEY_TILE / 4 + chunk_index<ROW_CHUNKS>(lane() + j * TEAM_LANES, chunk));
#pragma unroll
            for (int r = 0; r < ROWS; r++)
            {
                float4 q = *shared4((first_row() + r) * ROW_CHUNKS + chunk);
#pragma unroll
                for (int j = 0; j < LANE_KEYS; j++)
                    scores[r][j] = fmaf(q.w, k[j].w, fmaf(q.z, k[j].z, fmaf(q.y, k[j].y, fmaf(q.x, k[j].x, scores[r][j]))));
            }
        }
    }

    static MEMBER void hide_invisible(float (&scores)[ROWS][LANE_KEYS], const Shape& shape, const RowMap& map, int first_key)
    {
#pragma unroll
        for (int r = 0; r < ROWS; r++)
        {
            KeyRange visible = visible_keys(shape, map.query(first_row() + r));
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
    MEMBER void take_weights(const float (&scores)[ROWS][LANE_KEYS])
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
                float weight = exp2_fast(scores[r][j] - base);
                rows[r].sum += weight;
                shared()[WEIGHTS + (first_row() + r) * KEYS + weight_column(lane() + j * TEAM_LANES)] = weight;
            }
#pragma unroll
            for (int c = 0; c < LANE_CHUNKS; c++)
            {
                float4& o = output[r][c];
                o = {o.x * rescale, o.y * rescale, o.z * rescale, o.w * rescale};
            }
        }
    }

    MEMBER void add_value(int r, float weight, const float4 (&v)[LANE_CHUNKS])
    {
#pragma unroll
        for (int c = 0; c < LANE_CHUNKS; c++)
        {
            float4& o = output[r][c];
            o = {fmaf(weight, v[c].x, o.x), fmaf(weight, v[c].y, o.y), fmaf(weight, v[c].z, o.z), fmaf(weight, v[c].w, o.w)};
        }
    }

    MEMBER void add_values()
    {
#pragma unroll 1
        for (int key = 0; key < KEYS; key += 4)
        {
            float4 weights[ROWS];
#pragma unroll
            for (int r = 0; r < ROWS; r++)
                weights[r] = *shared4((WEIGHTS + (first_row() + r) * KEYS + weight_column(key)) / 4);
#pragma unroll
            for (int k = 0; k < 4; k++)
            {
                float4 v[LANE_CHUNKS];
#pragma unroll
                for (int c = 0; c < LANE_CHUNKS; c++)
                    v[c] = *shared4(VALUE_TILE / 4 + chunk_index<ROW_CHUNKS>(key + k, lane() + c * TEAM_LANES));
#pragma unroll
                for (int r = 0; r < ROWS; r++)
                    add_value(r, k == 0 ? weights[r].x : k == 1 ? weights[r].y : k == 2 ? weights[r].z : weights[r].w, v);
            }
        }
    }

    // Attends to the keys of `visit`. While scores are computed the values of the tile arrive, and while values are added the next keys.
    MEMBER void run(const float* q, const float* k, const float* v, const Shape& shape, const RowMap& map, KeyRange visit)
    {
#pragma unroll
        for (int r = 0; r < ROWS; r++)
        {
            rows[r] = empty_row();
#pragma unroll
            for (int c = 0; c < LANE_CHUNKS; c++)
                output[r][c] = {0, 0, 0, 0};
        }
        if (visit.begin >= visit.end)
            return;
        KeyRange seen_by_team = seen_by_all(shape, map.query(first_row()), map.query(first_row() + ROWS - 1));
        load_queries(q, shape, map);
        copy_rows(KEY_TILE, k + (long long)visit.begin * HEAD_DIM, visit.end - visit.begin);
#pragma unroll 1
        for (int key = visit.begin; key < visit.end; key += KEYS)
        {
            // The keys and queries are there, and every thread is done with the values of the tile before.
            wait_for_copies<0>();
            __syncthreads();
            copy_rows(VALUE_TILE, v + (long long)key * HEAD_DIM, visit.end - key);
            float scores[ROWS][LANE_KEYS];
            compute_scores(scores);
            if (key < seen_by_team.begin || minimum(key + KEYS, visit.end) > seen_by_team.end || key + KEYS > visit.end)
                hide_invisible(scores, shape, map, key);
            take_weights(scores);
            // The values and weights are there, and every thread is done with the keys.
            wait_for_copies<0>();
            __syncthreads();
            if (key + KEYS < visit.end)
                copy_rows(KEY_TILE, k + (long long)(key + KEYS) * HEAD_DIM, visit.end - key - KEYS);
            add_values();
        }
#pragma unroll
        for (int r = 0; r < ROWS; r++)
            rows[r].sum = sum_of_lanes<TEAM_LANES>(rows[r].sum);
    }
};
