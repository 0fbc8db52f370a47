#!/usr/bin/env bash
# Makes a folder that runs on a machine with a GPU but without network or SDK: the program with its own .NET runtime, and a script that
# runs everything and brings back one results folder.
#   bench/gpu-check.sh [FOLDER] [RUNTIME]      FOLDER: gpu-check; RUNTIME: linux-x64, linux-arm64, win-x64
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-gpu-check}
runtime=${2:-linux-x64}
if [[ -e $folder ]]; then
    echo "$folder exists; give another folder" >&2
    exit 2
fi
case $runtime in
    linux-*) program=Kernels.Bench script=run.sh ;;
    win-*) program=Kernels.Bench.exe script=run.ps1 ;;
    *) echo "$runtime: the runtimes are linux-x64, linux-arm64 and win-x64" >&2; exit 2 ;;
esac

# Needs the runtime packs of that platform: from the package feed, or from the cache of an earlier time.
dotnet publish "$root/bench" -c Release -r "$runtime" --self-contained -o "$folder/program" -v quiet -nologo || {
    rm -rf "$folder"
    echo "dotnet publish failed; it needs the runtime packs Microsoft.NETCore.App.Runtime.$runtime and Microsoft.AspNetCore.App.Runtime.$runtime" >&2
    exit 1
}
cp "$root/bench/gpu-check/$script" "$folder/$script"
echo "Carry $folder to the machine, run $script there, and bring back its folder results. Here, beside a run of this machine's processor:"
echo "    dotnet run -c Release --project bench -- report $folder/results/run reports/<machine>/<run> --out merged"
[[ -e $folder/program/$program ]]
