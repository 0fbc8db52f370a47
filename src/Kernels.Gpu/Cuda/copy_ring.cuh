// Tiles that arrive by cp.async through a ring of STAGES buffers, copied while earlier ones are used. Tiles::copy_stage(stage, source, tile) starts the
// copies of a tile, and source.count() says how many tiles there are.
#pragma once
#include "instructions.cuh"

template <class Tiles, int STAGES>
struct CopyRing
{
    int stage;

    // Starts the first tiles: a group each, empty beyond the last tile, so that counting groups counts tiles.
    template <class Source>
    MEMBER void start(const Source& source)
    {
        stage = 0;
#pragma unroll
        for (int tile = 0; tile < STAGES - 1; tile++)
        {
            if (tile < source.count())
                Tiles::copy_stage(tile, source, tile);
            commit_copies();
        }
    }

    // What was copied before start() is there for all threads.
    static MEMBER void wait_for_earlier()
    {
        wait_for_copies<STAGES - 1>();
        __syncthreads();
    }

    // A tile is there for all threads, and every warp is done with the one before, whose buffer the next copy fills. Returns the tile's stage.
    template <class Source>
    MEMBER int next(const Source& source, int tile)
    {
        wait_for_copies<STAGES - 2>();
        __syncthreads();
        if (tile + STAGES - 1 < source.count())
            Tiles::copy_stage(stage == 0 ? STAGES - 1 : stage - 1, source, tile + STAGES - 1);
        commit_copies();
        int current = stage;
        stage = stage == STAGES - 1 ? 0 : stage + 1;
        return current;
    }
};
