// Tiles of rows in shared memory, in chunks of 16 bytes. Chunk c of row r lies where chunk c ^ (r % 8) would: eight rows are read at the same
// chunk by eight lanes at once, which without the exchange would all want the same four of the 32 banks.
#pragma once
#include "instructions.cuh"

#define CHUNK_BYTES 16

template <int ROW_CHUNKS>
DEVICE int chunk_index(int row, int chunk) { return row * ROW_CHUNKS + (chunk ^ (row & 7)); }

// Starts to copy a tile; all threads of the block take part. Rows from valid_rows on are not read and become zeros.
template <int ROWS, int ROW_CHUNKS, int THREADS>
DEVICE void copy_tile_async(unsigned shared_tile, const void* first_row, int valid_rows)
{
    static_assert(ROWS * ROW_CHUNKS % THREADS == 0, "every thread copies as many chunks");
    const unsigned char* source = (const unsigned char*)first_row;
    int thread = here(thread_x());
#pragma unroll
    for (int i = 0; i < ROWS * ROW_CHUNKS / THREADS; i++)
    {
        int chunk = i * THREADS + thread;
        int row = chunk / ROW_CHUNKS;
        bool valid = row < valid_rows;
        copy_async(shared_tile + chunk_index<ROW_CHUNKS>(row, chunk % ROW_CHUNKS) * CHUNK_BYTES,
                   source + (valid ? chunk * CHUNK_BYTES : 0), valid ? CHUNK_BYTES : 0);
    }
}
