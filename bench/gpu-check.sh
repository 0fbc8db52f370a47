#!/usr/bin/env bash
# Makes a folder, or one archive of it, that runs on a machine with a GPU but without network or SDK: the program with its own .NET
# runtime, the PTX, and a script that runs everything and packs the results.
#   bench/gpu-check.sh [FOLDER] [RUNTIME]              FOLDER: gpu-check; RUNTIME: linux-x64, linux-arm64, win-x64
#   bench/gpu-check.sh --archive FILE [RUNTIME]        FILE: a tar.xz with the folder gpu-check
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
most_megabytes=55

refuse() {
    echo "$1; usage: bench/gpu-check.sh [FOLDER] [RUNTIME], or bench/gpu-check.sh --archive FILE.tar.xz [RUNTIME]" >&2
    exit 2
}

archive=
if [[ ${1-} == --archive ]]; then
    [[ $# -ge 2 ]] || refuse "--archive takes a file"
    archive=$2
    shift 2
    set -- gpu-check "$@"
    [[ $archive == *.tar.xz ]] || refuse "$archive: the archive's name ends in .tar.xz"
    [[ -d $(dirname "$archive") ]] || refuse "$(dirname "$archive"): there is no such folder"
    [[ ! -e $archive ]] || refuse "$archive exists, and is not overwritten"
fi
[[ $# -le 2 ]] || refuse "'$3' is one argument too many"
folder=${1:-gpu-check}
runtime=${2:-linux-x64}
[[ $folder != -* ]] || refuse "$folder: unknown option"
case $runtime in
    linux-x64 | linux-arm64) program=Kernels.Bench script=run.sh ;;
    win-x64) program=Kernels.Bench.exe script=run.ps1 ;;
    *) refuse "$runtime: the runtimes are linux-x64, linux-arm64 and win-x64" ;;
esac
if [[ -n $archive ]]; then
    command -v xz >/dev/null || { echo "xz is not found; it makes the archive" >&2; exit 1; }
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    folder=$work/gpu-check
fi
[[ ! -e $folder ]] || refuse "$folder exists; give another folder"

# Needs the runtime packs of that platform: from the package feed, or from the cache of an earlier time.
dotnet publish "$root/bench" -c Release -r "$runtime" --self-contained -o "$folder/program" -v quiet -nologo || {
    rm -rf "$folder"
    packs="Microsoft.NETCore.App.Runtime.$runtime and Microsoft.AspNetCore.App.Runtime.$runtime"
    echo "dotnet publish failed; it needs the runtime packs $packs" >&2
    exit 1
}
cp "$root/bench/gpu-check/$script" "$folder/$script"
if [[ $script == run.sh ]]; then
    cp "$root/bench/gpu-check/torch_sdpa.py" "$folder/"
    mkdir "$folder/ptx"
    cp "$root"/src/Kernels.Gpu/Cuda/*.ptx "$folder/ptx/"
fi
[[ -e $folder/program/$program ]]

if [[ -n $archive ]]; then
    tar -C "$work" -cf - gpu-check | xz -T0 -6 >"$work/archive"
    bytes=$(stat -c %s "$work/archive")
    if ((bytes >= most_megabytes * 1000000)); then
        echo "the archive would have $((bytes / 1000000)) MB, and $most_megabytes MB is the limit" >&2
        exit 1
    fi
    cp "$work/archive" "$archive"
    echo "$archive: $((bytes / 1000000)) MB. There: tar xJf $(basename "$archive") && gpu-check/$script"
else
    echo "Carry $folder to the machine and run $script there."
fi
echo "Bring back results.tar.gz (results.zip from Windows). Here, its report beside a run of this machine's processor:"
echo "    dotnet run -c Release --project bench -- report results/run reports/<machine>/<run> --out merged"
