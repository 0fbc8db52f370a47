// Attention in three kernels with the whole score matrix in device memory, OpenCL C 1.2. The two matrix products use the textbook's
// tiling: a work-group of TILE × TILE items loads a tile of each operand to local memory, and each item sums one element.
// The host defines TILE and ROW_ITEMS (a power of two).

// scores [heads][queries][keys] = q·kᵀ·scale, whether visible or not.
__kernel __attribute__((reqd_work_group_size(TILE, TILE, 1)))
void scores(
    __global const float *restrict q, __global const float *restrict k, __global float *restrict scores,
    int heads_per_kv_head, int queries, int keys, int head_dim, float scale)
{
    __local float q_tile[TILE][TILE + 1], k_tile[TILE][TILE + 1];
    const int x = get_local_id(0), y = get_local_id(1), head = get_global_id(2);
    const int query = get_global_id(1), key = get_global_id(0), loaded_key = get_group_id(0) * TILE + y;
    q += (size_t)head * queries * head_dim;
    k += (size_t)(head / heads_per_kv_head) * keys * head_dim;

    float score = 0;
    for (int first = 0; first < head_dim; first += TILE) {
        int c = first + x;
        q_tile[y][x] = query < queries && c < head_dim ? q[query * head_dim + c] : 0;
        k_tile[x][y] = loaded_key < keys && c < head_dim ? k[loaded_key * head_dim + c] : 0;
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int i = 0; i < TILE; i++)
            score += q_tile[y][i] * k_tile[i][x];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (query < queries && key < keys)
        scores[((size_t)head * queries + query) * keys + key] = score * scale;
}

// Softmax of one row a work-group, in place; hidden keys get the weight 0. visible [queries]: begin and end of what a query sees.
__kernel __attribute__((reqd_work_group_size(ROW_ITEMS, 1, 1)))
void softmax(__global float *restrict scores, __global const int2 *restrict visible, int queries, int keys)
{
    __local float partial[ROW_ITEMS];
    const int x = get_local_id(0);
    const int2 range = visible[get_group_id(0) % queries];
    __global float *row = scores + (size_t)get_group_id(0) * keys;

    float max = -INFINITY;
    for (int key = range.s0 + x; key < range.s1; key += ROW_ITEMS)
        max = fmax(max, row[key]);
    partial[x] = max;
    for (int half_items = ROW_ITEMS / 2; half_items > 0; half_items /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (x < half_items)
            partial[x] = fmax(partial[x], partial[x + half_items]);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    max = partial[0];
    barrier(CLK_LOCAL_MEM_FENCE);

    float sum = 0;
    for (int key = range.s0 + x; key < range.s1; key += ROW_ITEMS) {
        float weight = exp(row[key] - max);
        row[key] = weight;
        sum += weight;
    }
    partial[x] = sum;
    for (int half_items = ROW_ITEMS / 2; half_items > 0; half_items /= 2) {
        barrier(CLK_LOCAL_MEM_FENCE);
        if (x < half_items)
            partial[x] += partial[x + half_items];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
    sum = partial[0];

    // Each item divides what it wrote itself, so that no fence between the items is needed.
    for (int key = range.s0 + x; key < range.s1; key += ROW_ITEMS)
        row[key] /= sum;
    for (int key = x; key < range.s0; key += ROW_ITEMS)
        row[key] = 0;
    for (int key = range.s1 + x; key < keys; key += ROW_ITEMS)
        row[key] = 0;
}

// output [heads][queries][headDim] = weights·v.
__kernel __attribute__((reqd_work_group_size(TILE, TILE, 1)))
void product(
    __global const float *restrict weights, __global const float *restrict v, __global float *restrict output,
    int heads_per_kv_head, int queries, int keys, int head_dim)
{
    __local float weight_tile[TILE][TILE + 1], v_tile[TILE][TILE + 1];
    const int x = get_local_id(0), y = get_local_id(1), head = get_global_id(2);
    const int query = get_global_id(1), c = get_global_id(0);
    weights += (size_t)head * queries * keys;
    v += (size_t)(head / heads_per_kv_head) * keys * head_dim;

    float value = 0;
    for (int first = 0; first < keys; first += TILE) {
        weight_tile[y][x] = query < queries && first + x < keys ? weights[(size_t)query * keys + first + x] : 0;
        v_tile[y][x] = first + y < keys && c < head_dim ? v[(first + y) * head_dim + c] : 0;
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int i = 0; i < TILE; i++)
            value += weight_tile[y][i] * v_tile[i][x];
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    if (query < queries && c < head_dim)
        output[((size_t)head * queries + query) * head_dim + c] = value;
}
