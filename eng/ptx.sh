#!/usr/bin/env bash
# Makes the PTX of src/Kernels.Gpu/Cuda with clang 19, which needs no CUDA toolkit for it: eng/ptx.sh [FOLDER]
# Without a folder it writes over the committed files. The same clang makes the same bytes everywhere.
set -euo pipefail
cd "$(dirname "$0")/.."
source=src/Kernels.Gpu/Cuda
target=${1:-$source}
command -v clang++-19 >/dev/null || { echo "clang++-19 was not found; on Debian it comes with the package clang-19" >&2; exit 2; }

# make CAPABILITY PTX_VERSION: the oldest PTX that has the instructions or the device, so that old drivers take it.
make() {
    clang++-19 -x cuda --cuda-device-only -nocudainc -nocudalib -nostdinc --cuda-gpu-arch="sm_$1" --cuda-feature="+ptx$2" \
        -std=c++17 -O3 -Wall -Wextra -Werror -S -o "$target/attention.sm_$1.ptx" "$source/attention.cu"
}

make 80 70
make 90a 80
