// Tiles of rows in shared memory, in chunks of 16 bytes. Chunk c of row r lies where chunk c ^ (r % 8) would: eight rows are read at the same
// chunk by eight lanes at once, which without the exchange would all want the same four of the 32 banks.
#pragma once
#include "instructions.cuh"

#define CHUNK_BYTES 16

template <int ROW_CHUNKS>
DEVICE int chunk_index(int row, int chunk) { return row * ROW_CHUNKS + (chunk ^ (row & 7)); }

// Where the first chunk that a thread copies lies within the tile, in chunks.
template <int ROWS, int ROW_CHUNKS, int PANEL_CHUNKS>
DEVICE int copied_chunk()
{
    int row = thread_x() / ROW_CHUNKS, column = thread_x() % ROW_CHUNKS;
    return (column / PANEL_CHUNKS * ROWS + row) * PANEL_CHUNKS + (column % PANEL_CHUNKS ^ (row & 7));
}

// Starts to copy a tile of dense rows; all threads of the block take part. Rows from valid_rows on are not read and become zeros. A thread copies
// the same column of every PASS-th row, so that its addresses differ by constants. PANEL_CHUNKS chunks of all rows lie together, then the next: a
// whole row, or the 128 bytes that wgmma calls its swizzle.
template <int ROWS, int ROW_CHUNKS, int PANEL_CHUNKS, int THREADS>
DEVICE void copy_tile_async(unsigned shared_tile, const void* first_row, int valid_rows)
{
    constexpr int PASS = THREADS / ROW_CHUNKS;
    static_assert(THREADS % ROW_CHUNKS == 0 && (PASS % 8 == 0 || 8 % PASS == 0), "rows of a thread are exchanged alike, but for constants");
    int row = thread_x() / ROW_CHUNKS, column = thread_x() % ROW_CHUNKS;
    const unsigned char* source = (const unsigned char*)first_row + thread_x() * CHUNK_BYTES;
    unsigned target = shared_tile + (column / PANEL_CHUNKS * ROWS + row) * (PANEL_CHUNKS * CHUNK_BYTES);
    int place = column % PANEL_CHUNKS ^ (row & 7);
#pragma unroll
    for (int i = 0; i * PASS < ROWS; i++)
    {
        if (ROWS % PASS != 0 && i * PASS + row >= ROWS)
            break;
        copy_async(target + i * PASS * PANEL_CHUNKS * CHUNK_BYTES + (place ^ (i * PASS & 7)) * CHUNK_BYTES,
                   source + i * THREADS * CHUNK_BYTES, i * PASS + row < valid_rows ? CHUNK_BYTES : 0);
    }
}
