// Fused attention with an online softmax (Dao et al. 2022, algorithm 1), OpenCL C 1.2.
// A work-group owns TILE_ROWS queries of one head and walks over the keys that some of them sees, TILE_KEYS at a time.
// Work-item (x, y) owns BLOCKS blocks of ROWS rows and, in vectors of LANES, every ITEMS_X-th vector of keys and of channels.
// The host defines LANES, ITEMS_X, ITEMS_Y, BLOCKS, ROWS, KEY_VECTORS and CHANNELS (the head dimension rounded up).

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define VECTOR JOIN(float, LANES)
#define INT_VECTOR JOIN(int, LANES)
#define STORE JOIN(vstore, LANES)
#define LANE_NUMBERS JOIN(LANE_NUMBERS_, LANES)
#define LANE_NUMBERS_4 (int4)(0, 1, 2, 3)
#define LANE_NUMBERS_8 (int8)(0, 1, 2, 3, 4, 5, 6, 7)
#define LANE_NUMBERS_16 (int16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

#define TILE_ROWS (BLOCKS * ITEMS_Y * ROWS)
#define TILE_KEYS (ITEMS_X * KEY_VECTORS * LANES)
#define CHANNEL_VECTORS (CHANNELS / (ITEMS_X * LANES))
// Products with v are summed this many vectors at a time: as many accumulators as registers hold.
#define CHANNEL_STEP (CHANNEL_VECTORS % 2 == 0 ? 2 : 1)

// Strides in local memory: odd, or one vector too many, so that rows start in different banks.
#define Q_STRIDE (CHANNELS + 1)
#define KEY_STRIDE (TILE_KEYS + LANES)
#define KV_LENGTH (CHANNELS * KEY_STRIDE)

// The accumulators of the two products are registers only if no index into them is left at run time.
#define UNROLL _Pragma("unroll")

#ifdef FP_FAST_FMAF
#define MULTIPLY_ADD(a, b, c) fma(a, b, c)
#else
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#endif


float max_of_lanes(VECTOR v)
{
#if LANES == 16
    float8 w = fmax(v.lo, v.hi);
    float4 u = fmax(w.lo, w.hi);
#elif LANES == 8
    float4 u = fmax(v.lo, v.hi);
#else
    float4 u = v;
#endif
    return fmax(fmax(u.s0, u.s1), fmax(u.s2, u.s3));
}

float sum_of_lanes(VECTOR v)
{
#if LANES == 16
    float8 w = v.lo + v.hi;
    float4 u = w.lo + w.hi;
#elif LANES == 8
    float4 u = v.lo + v.hi;
#else
    float4 u = v;
#endif
    return (u.s0 + u.s1) + (u.s2 + u.s3);
}

// score[r][n] = q[r]·k[n]·scale over all channels; q in rows of Q_STRIDE, k transposed [channel][key].
void dot_products(VECTOR score[ROWS][KEY_VECTORS], __local const float *q, __local const VECTOR *k, int head_dim, float scale)
{
    VECTOR total[ROWS][KEY_VECTORS];
    UNROLL for (int r = 0; r < ROWS; r++)
        UNROLL for (int n = 0; n < KEY_VECTORS; n++)
            total[r][n] = 0;
    for (int c = 0; c < head_dim; c++) {
        VECTOR key[KEY_VECTORS];
        UNROLL for (int n = 0; n < KEY_VECTORS; n++)
            key[n] = k[c * (KEY_STRIDE / LANES) + n * ITEMS_X];
        UNROLL for (int r = 0; r < ROWS; r++)
            UNROLL for (int n = 0; n < KEY_VECTORS; n++)
                total[r][n] = MULTIPLY_ADD((VECTOR)q[r * Q_STRIDE + c], key[n], total[r][n]);
    }
    UNROLL for (int r = 0; r < ROWS; r++)
        UNROLL for (int n = 0; n < KEY_VECTORS; n++)
            score[r][n] = total[r][n] * scale;
}

// Scores outside a row's visible range become −∞. first_key is the first of this work-item's keys.
void hide(VECTOR score[ROWS][KEY_VECTORS], __global const int2 *visible, int first_row, int first_key, int queries)
{
    for (int r = 0; r < ROWS; r++) {
        int2 range = first_row + r < queries ? visible[first_row + r] : (int2)(0);
        for (int n = 0; n < KEY_VECTORS; n++) {
            INT_VECTOR key = first_key + n * ITEMS_X * LANES + LANE_NUMBERS;
            score[r][n] = select(score[r][n], (VECTOR)(-INFINITY), key < range.s0 || key >= range.s1);
        }
    }
}

// The largest score of each row among all keys of the tile.
void row_maxima(float max[ROWS], VECTOR score[ROWS][KEY_VECTORS], __local float *partial, int x)
{
    for (int r = 0; r < ROWS; r++) {
        VECTOR lanes = score[r][0];
        for (int n = 1; n < KEY_VECTORS; n++)
            lanes = fmax(lanes, score[r][n]);
        max[r] = max_of_lanes(lanes);
    }
#if ITEMS_X > 1
    for (int r = 0; r < ROWS; r++)
        partial[r * ITEMS_X + x] = max[r];
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int r = 0; r < ROWS; r++)
        for (int item = 0; item < ITEMS_X; item++)
            max[r] = fmax(max[r], partial[r * ITEMS_X + item]);
#endif
}

// sums[r] += weights[r]·v over the keys of the tile; weights in rows of KEY_STRIDE, v [key][channel].
void add_products(VECTOR sums[ROWS][CHANNEL_VECTORS], __local const float *weights, __local const VECTOR *v)
{
    for (int first = 0; first < CHANNEL_VECTORS; first += CHANNEL_STEP) {
        VECTOR total[ROWS][CHANNEL_STEP];
        UNROLL for (int r = 0; r < ROWS; r++)
            UNROLL for (int n = 0; n < CHANNEL_STEP; n++)
                total[r][n] = sums[r][first + n];
        for (int key = 0; key < TILE_KEYS; key++) {
            VECTOR value[CHANNEL_STEP];
            UNROLL for (int n = 0; n < CHANNEL_STEP; n++)
                value[n] = v[key * (CHANNELS / LANES) + (first + n) * ITEMS_X];
            UNROLL for (int r = 0; r < ROWS; r++)
                UNROLL for (int n = 0; n < CHANNEL_STEP; n++)
                    total[r][n] = MULTIPLY_ADD((VECTOR)weights[r * KEY_STRIDE + key], value[n], total[r][n]);
        }
        UNROLL for (int r = 0; r < ROWS; r++)
            UNROLL for (int n = 0; n < CHANNEL_STEP; n++)
                sums[r][first + n] = total[r][n];
    }
}

// q, output [heads of all sequences][queries][headDim]; k, v [kv heads of all sequences][keys][headDim];
// visible [queries]: begin and end of the keys that the query sees;
// tiles [tiles of queries]: the keys that some query of the tile sees, and those that every one of them sees.
__kernel __attribute__((reqd_work_group_size(ITEMS_X, ITEMS_Y, 1)))
void flash(
    __global const float *restrict q, __global const float *restrict k, __global const float *restrict v,
    __global float *restrict output, __global const int2 *restrict visible, __global const int4 *restrict tiles,
    int tile_count, int heads_per_kv_head, int queries, int keys, int head_dim, float scale)
{
    __local float q_tile[TILE_ROWS * Q_STRIDE];
    // k transposed [channel][key], then v [key][channel].
    __local VECTOR kv_tile[CHANNELS * KEY_STRIDE / LANES];
    __local VECTOR weights[TILE_ROWS * KEY_STRIDE / LANES];
    __local float partial[TILE_ROWS * ITEMS_X];
    __local float *kv_floats = (__local float *)kv_tile;

    const int x = get_local_id(0), y = get_local_id(1);
    const int tile = get_group_id(0) % tile_count, head = get_group_id(0) / tile_count;
    const int first_row = tile * TILE_ROWS;
    const int4 seen = tiles[tile];
    q += (size_t)head * queries * head_dim;
    output += (size_t)head * queries * head_dim;
    k += (size_t)(head / heads_per_kv_head) * keys * head_dim;
    v += (size_t)(head / heads_per_kv_head) * keys * head_dim;

    for (int row = y; row < TILE_ROWS; row += ITEMS_Y)
        for (int c = x; c < head_dim; c += ITEMS_X)
            q_tile[row * Q_STRIDE + c] = first_row + row < queries ? q[(first_row + row) * head_dim + c] : 0;

    VECTOR sum[BLOCKS][ROWS], sums[BLOCKS][ROWS][CHANNEL_VECTORS];
    float max[BLOCKS][ROWS];
    for (int block = 0; block < BLOCKS; block++)
        for (int r = 0; r < ROWS; r++) {
            max[block][r] = -INFINITY;
            sum[block][r] = 0;
            for (int n = 0; n < CHANNEL_VECTORS; n++)
                sums[block][r][n] = 0;
        }

    for (int first_key = seen.s0; first_key < seen.s1; first_key += TILE_KEYS) {
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int key = y; key < TILE_KEYS; key += ITEMS_Y)
            for (int c = x; c < head_dim; c += ITEMS_X)
                kv_floats[c * KEY_STRIDE + key] = first_key + key < keys ? k[(first_key + key) * head_dim + c] : 0;
        barrier(CLK_LOCAL_MEM_FENCE);

        for (int block = 0; block < BLOCKS; block++) {
            const int row = (block * ITEMS_Y + y) * ROWS;
            VECTOR score[ROWS][KEY_VECTORS];
            dot_products(score, q_tile + row * Q_STRIDE, kv_tile + x, head_dim, scale);
            if (first_key < seen.s2 || first_key + TILE_KEYS > seen.s3)
                hide(score, visible, first_row + row, first_key + x * LANES, queries);

            float tile_max[ROWS];
            row_maxima(tile_max, score, partial + row * ITEMS_X, x);
            for (int r = 0; r < ROWS; r++) {
                float new_max = fmax(max[block][r], tile_max[r]);
                // Nothing visible yet: −∞ − −∞ would be NaN.
                float shift = new_max == -INFINITY ? 0 : new_max;
                float rescale = exp(max[block][r] - shift);
                max[block][r] = new_max;
                sum[block][r] *= rescale;
                for (int n = 0; n < CHANNEL_VECTORS; n++)
                    sums[block][r][n] *= rescale;
                for (int n = 0; n < KEY_VECTORS; n++) {
                    VECTOR weight = exp(score[r][n] - shift);
                    sum[block][r] += weight;
                    weights[(row + r) * (KEY_STRIDE / LANES) + n * ITEMS_X + x] = weight;
                }
            }
        }
#if ITEMS_X == 1
        // Several items of a row have met for its maxima, after all of them were done with the keys.
        barrier(CLK_LOCAL_MEM_FENCE);
#endif

        for (int key = y; key < TILE_KEYS; key += ITEMS_Y)
            for (int c = x; c < CHANNELS; c += ITEMS_X)
                kv_floats[key * CHANNELS + c] = first_key + key < keys && c < head_dim ? v[(first_key + key) * head_dim + c] : 0;
        barrier(CLK_LOCAL_MEM_FENCE);

        for (int block = 0; block < BLOCKS; block++) {
            const int row = (block * ITEMS_Y + y) * ROWS;
            add_products(sums[block], (__local const float *)weights + row * KEY_STRIDE, kv_tile + x);
        }
    }

    barrier(CLK_LOCAL_MEM_FENCE);
    for (int block = 0; block < BLOCKS; block++)
        for (int r = 0; r < ROWS; r++)
            partial[((block * ITEMS_Y + y) * ROWS + r) * ITEMS_X + x] = sum_of_lanes(sum[block][r]);
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int block = 0; block < BLOCKS; block++)
        for (int r = 0; r < ROWS; r++) {
            const int row = (block * ITEMS_Y + y) * ROWS + r;
            float total = 0;
            for (int item = 0; item < ITEMS_X; item++)
                total += partial[row * ITEMS_X + item];
            const int2 range = first_row + row < queries ? visible[first_row + row] : (int2)(0);
            for (int n = 0; n < CHANNEL_VECTORS; n++) {
                VECTOR mean = range.s0 < range.s1 ? sums[block][r][n] / total : (VECTOR)(0);
                STORE(mean, 0, q_tile + row * Q_STRIDE + (n * ITEMS_X + x) * LANES);
            }
        }
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int row = y; row < TILE_ROWS && first_row + row < queries; row += ITEMS_Y)
        for (int c = x; c < head_dim; c += ITEMS_X)
            output[(first_row + row) * head_dim + c] = q_tile[row * Q_STRIDE + c];
}
