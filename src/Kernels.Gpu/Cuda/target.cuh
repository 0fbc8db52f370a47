// What a kernel needs of its compiler, for the two that read these files: NVRTC, which has the words of CUDA built in, and clang without a
// CUDA toolkit, which is given them here. No header of a toolkit is included.
#pragma once

#if defined(__CUDACC_RTC__)

#define MEMBER __device__ __forceinline__
#define DEVICE static MEMBER
#define NEGATIVE_INFINITY __int_as_float(0xff800000)

DEVICE int thread_x() { return threadIdx.x; }
DEVICE int block_x() { return blockIdx.x; }
DEVICE int block_y() { return blockIdx.y; }
DEVICE int block_z() { return blockIdx.z; }
DEVICE int blocks_x() { return gridDim.x; }
DEVICE int blocks_z() { return gridDim.z; }
DEVICE unsigned shared_address(const void* pointer) { return (unsigned)__cvta_generic_to_shared(pointer); }

#else

#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __shared__ __attribute__((shared))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))
#define __align__(bytes) __attribute__((aligned(bytes)))
#define MEMBER __device__ inline __attribute__((always_inline))
#define DEVICE static MEMBER
#define NEGATIVE_INFINITY (-__builtin_huge_valf())

struct __align__(8) float2 { float x, y; };
struct __align__(16) float4 { float x, y, z, w; };
struct __align__(16) uint4 { unsigned x, y, z, w; };

DEVICE int thread_x() { return __nvvm_read_ptx_sreg_tid_x(); }
DEVICE int block_x() { return __nvvm_read_ptx_sreg_ctaid_x(); }
DEVICE int block_y() { return __nvvm_read_ptx_sreg_ctaid_y(); }
DEVICE int block_z() { return __nvvm_read_ptx_sreg_ctaid_z(); }
DEVICE int blocks_x() { return __nvvm_read_ptx_sreg_nctaid_x(); }
DEVICE int blocks_z() { return __nvvm_read_ptx_sreg_nctaid_z(); }
DEVICE unsigned shared_address(const void* pointer)
{
    return (unsigned)(unsigned long long)(const __attribute__((address_space(3))) void*)pointer;
}
DEVICE void __syncwarp() { __nvvm_bar_warp_sync(~0u); }
DEVICE float fmaxf(float a, float b) { return __builtin_fmaxf(a, b); }
DEVICE float fmaf(float a, float b, float c) { return __builtin_fmaf(a, b, c); }

#endif

#define THREADS_OF_WARP 32

DEVICE int lane_of_warp() { return thread_x() % THREADS_OF_WARP; }

// All of the shared memory of a block; its size is given at the launch.
extern __shared__ __align__(1024) unsigned char shared_memory[];

DEVICE int minimum(int a, int b) { return a < b ? a : b; }
DEVICE int maximum(int a, int b) { return a > b ? a : b; }
