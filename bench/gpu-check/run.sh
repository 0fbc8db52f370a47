#!/usr/bin/env bash
# Runs the GPU kernels of this folder on this machine: what is there, whether every kernel is right, how fast it is. All goes into results.
set -uo pipefail
cd "$(dirname "$0")"
if [[ -e results ]]; then
    echo "results exists already; move it away first" >&2
    exit 2
fi
mkdir results
chmod +x program/Kernels.Bench
program/Kernels.Bench doctor 2>&1 | tee results/doctor.txt
# The gate in full, on every kernel of a device; the first failure says what is wrong.
program/Kernels.Bench verify --kernels 'flash-cuda-*,gpu-*' --json results/verify.json 2>&1 | tee results/verify.txt
verified=${PIPESTATUS[0]}
program/Kernels.Bench run --suite gpu --out results/run "$@" 2>&1 | tee results/run.txt
ran=${PIPESTATUS[0]}
tar czf results.tar.gz results
echo "verify ended with $verified, run with $ran. Bring back results.tar.gz."
exit $((verified > ran ? verified : ran))
