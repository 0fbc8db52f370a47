#!/usr/bin/env bash
# Checks and measures the GPU kernels of this folder on this machine, the most valuable parts first. Every part has a time limit, and
# results.tar.gz is packed again after every part and every few seconds, so that it is there whenever this script is ended.
#   run.sh [--minutes M] [--out FOLDER] [--kernels GLOBS] [-- OPTIONS]
# M: time for everything, 12 when left out. FOLDER: where results and results.tar.gz are written, this folder when left out. GLOBS: the
# kernels that verify and run take. OPTIONS: what run measures, such as --shapes h8-q4096-d64, in place of --suite gpu.
set -uo pipefail
home=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$home minutes=12 kernels='flash-cuda-*,gpu-*' measured=(--suite gpu)

refuse() {
    echo "$1; usage: run.sh [--minutes M] [--out FOLDER] [--kernels GLOBS] [-- OPTIONS OF run]" >&2
    exit 2
}

while [[ $# -gt 0 ]]; do
    case $1 in
        --)
            shift
            [[ $# -eq 0 ]] || measured=("$@")
            break
            ;;
        --minutes | --out | --kernels)
            [[ $# -ge 2 && -n $2 ]] || refuse "$1 needs a value"
            case $1 in
                --minutes) minutes=$2 ;;
                --out) out=$2 ;;
                --kernels) kernels=$2 ;;
            esac
            shift 2
            ;;
        *) refuse "'$1' is no option" ;;
    esac
done
seconds=$(awk -v m="$minutes" 'BEGIN { if (m ~ /^[0-9]+(\.[0-9]+)?$/ && m >= 0.25 && m <= 240) printf "%d", 60 * m }')
[[ -n $seconds ]] || refuse "--minutes takes a number from 0.25 to 240, not '$minutes'"
mkdir -p "$out" 2>/dev/null && cd "$out" || refuse "$out: the folder cannot be made"
[[ ! -e results ]] || { echo "$PWD/results exists already; move it away first" >&2; exit 2; }
mkdir results || exit 2
results=$PWD/results packed=$PWD/results.tar.gz
work=$(mktemp -d)
program=$home/program/Kernels.Bench
chmod +x "$program" 2>/dev/null
PATH=$PATH:${CUDA_HOME:-/usr/local/cuda}/bin
export home results work program kernels PATH

# Times of the parts are for this many seconds, and scaled to the time that there is.
usual=720
begun=$SECONDS
# The rest is for a part that ends ten seconds after its limit, and for packing.
deadline=$((begun + seconds - (seconds > 60 ? 15 : 1)))
# Exit code of a part whose tool is not there.
missing=77

# ---- packing

most_bytes=16000000

# Leaves out the largest files until the rest fits. What is left out is listed in results/left-out.txt.
pack() {
    local left_out=$work/left-out status largest
    : >"$left_out"
    find results -type f -size +8M | sort >>"$left_out"
    while :; do
        rm -f results/left-out.txt
        [[ ! -s $left_out ]] || cp "$left_out" results/left-out.txt
        # 1: a file changed while it was read; it is packed as it was.
        tar -czf "$packed.new" --exclude-from="$left_out" results 2>/dev/null
        status=$?
        if ((status > 1)); then
            echo "results cannot be packed: tar ended with $status" >&2
            rm -f "$packed.new"
            return 1
        fi
        if (($(wc -c <"$packed.new") < most_bytes)); then
            mv -f "$packed.new" "$packed"
            return
        fi
        largest=$(find results -type f -printf '%s %p\n' | sort -n | cut -d' ' -f2- | grep -vxFf "$left_out" | tail -n 1)
        [[ -n $largest ]] || return 1
        echo "$largest" >>"$left_out"
    done
}

# A long log keeps its beginning and its end.
shorten() {
    local log=$1 most=1000000
    (($(wc -c <"$log") > most)) || return 0
    { head -c $((most / 2)) "$log"; printf '\n… left out …\n'; tail -c $((most / 2)) "$log"; } >"$log.short" && mv -f "$log.short" "$log"
}

child=
ended_by() {
    trap '' TERM INT HUP
    echo "ended by $1 after $((SECONDS - begun)) s" >>"$results/summary.txt"
    # At once, because whoever ends this script may not wait; and again with what the part writes at its end.
    pack
    if [[ -n $child ]] && kill -TERM "$child" 2>/dev/null; then
        local tries
        for ((tries = 0; tries < 40; tries++)); do
            kill -0 "$child" 2>/dev/null || break
            sleep 0.1
        done
        pack
    fi
    exit "$2"
}
trap 'ended_by TERM 143' TERM
trap 'ended_by INT 130' INT
trap 'ended_by HUP 129' HUP
trap 'rm -rf "$work" "$packed.new"' EXIT

# ---- parts; each runs in a shell of its own, writes its log to results/NAME.txt, and has $limit seconds

# What the summary says of the part; the last line of its log when it says nothing.
say() { printf '%s' "$*" | tr -s "\n\t " " " | cut -c -300 | sed 's/ $//' >"$work/says"; }

# need TOOL: ends the part when the tool is not there.
need() {
    command -v "$1" >/dev/null || { say "$1 is not found, so this was left out"; exit 77; }
}

part_doctor() {
    "$program" doctor
    local status=$? tools=() tool
    for tool in nvidia-smi nvcc ncu compute-sanitizer ptxas cuobjdump nvdisasm python3; do
        command -v "$tool" >/dev/null && tools+=("$tool")
    done
    echo "== tools: ${tools[*]-}"
    if command -v nvidia-smi >/dev/null; then
        timeout --foreground 20 nvidia-smi
        local facts=name,driver_version,compute_cap,memory.total,power.limit,clocks.max.sm,clocks.max.mem,clocks.sm,temperature.gpu
        timeout --foreground 20 nvidia-smi --format=csv "--query-gpu=$facts,ecc.mode.current"
        timeout --foreground 20 nvidia-smi -q -d CLOCK,POWER,PERFORMANCE
    fi
    command -v nvcc >/dev/null && timeout --foreground 20 nvcc --version
    local device
    device=$(grep -E -m 1 'CUDA device 0' "$results/doctor.txt") || device="doctor ended with $status and shows no CUDA device"
    say "$device; tools: ${tools[*]-none}"
    return "$status"
}

# judge DEPTH FILE: verify; wrong kernels and no kernel at all are failures.
judge() {
    "$program" verify --kernels "$kernels" --depth "$1" --json "$results/$2.json"
    local status=$? right wrong
    right=$(grep -cE '^(flash|gpu)-[a-z0-9-]+ +right ' "$results/$2.txt")
    wrong=$(sed -nE 's/^((flash|gpu)-[a-z0-9-]+) +WRONG .*/\1/p' "$results/$2.txt" | tr '\n' ' ')
    say "$right right, wrong: ${wrong:-none}"
    if ((status == 0 && right == 0)); then
        say "no kernel ran: $(grep -m 1 -E '^(flash|gpu)-' "$results/$2.txt")"
        return 1
    fi
    return "$status"
}

part_verify() { judge quick verify; }

part_verify_full() { judge full verify-full; }

# Without NVRTC the driver compiles the PTX that the tests check.
part_verify_ptx() { KERNELS_NVRTC=none judge quick verify-ptx; }

# The most important cases come first in the suite; the time limit ends the run, and a later part continues it.
part_run_first() { "$program" run "$@" --kernels "$kernels" --out "$results/run"; }

part_run_rest() {
    if [[ ! -e $results/run/run.json ]]; then
        say "there is no run to continue"
        return 77
    fi
    # The report is written within the limit.
    "$program" run --resume "$results/run" --budget $((limit > 60 ? limit - 25 : limit))
}

part_torch() {
    need python3
    python3 "$home/torch_sdpa.py" --out "$results/torch" --seconds $((limit > 20 ? limit - 5 : limit))
}

part_ncu() {
    need ncu
    local metrics=sm__throughput.avg.pct_of_peak_sustained_elapsed,sm__inst_executed_pipe_tensor.sum
    metrics+=,sm__pipe_tensor_cycles_active.avg.pct_of_peak_sustained_active
    metrics+=,l1tex__data_bank_conflicts_pipe_lsu_mem_shared_op_ld.sum,l1tex__data_bank_conflicts_pipe_lsu_mem_shared_op_st.sum
    metrics+=,l1tex__data_bank_reads.avg.pct_of_peak_sustained_elapsed,dram__throughput.avg.pct_of_peak_sustained_elapsed
    metrics+=,launch__registers_per_thread,sm__warps_active.avg.pct_of_peak_sustained_active
    local sections=(SpeedOfLight LaunchStats Occupancy ComputeWorkloadAnalysis)
    sections+=(MemoryWorkloadAnalysis MemoryWorkloadAnalysis_Tables WarpStateStats)
    local status=0 done=0 failed= kernel shapes count code file options
    while read -r kernel count shapes; do
        file=$results/ncu-$kernel
        options=(--clock-control none --force-overwrite "${sections[@]/#/--section=}")
        options+=(--kernel-name-base function --kernel-name 'regex:^(flash|decode|backward)_' --launch-count "$count")
        # Not every device has every metric; the sections exist for all.
        options+=(--export "$file")
        timeout --foreground -k 5 60 ncu "${options[@]}" --metrics "$metrics" "$program" forward "$kernel" --shapes "$shapes" ||
            timeout --foreground -k 5 60 ncu "${options[@]}" "$program" forward "$kernel" --shapes "$shapes"
        code=$?
        if ((code == 0)); then
            done=$((done + 1))
            ncu --import "$file.ncu-rep" --page details >"$file.details.txt" 2>&1
            ncu --import "$file.ncu-rep" --page raw --csv >"$file.csv" 2>&1
        else
            failed+=" $kernel ($code)" status=$code
        fi
        say "counters of $done kernels${failed:+, none of$failed: $(grep -m 1 -E 'ERR_|==ERROR==' "$results/ncu.txt")}"
    done <<'CASES'
flash-cuda-wgmma-f16 2 h16-q8192-k8192-d128,h16-q8192-k8192-d64
flash-cuda-f16 2 h16-q8192-k8192-d128,h16-q8192-k8192-d64
flash-cuda-f32 2 h16-q8192-k8192-d128,h16-q8192-k8192-d64
flash-cuda-decode-f16 2 h32/8-q1-k131072-d128
flash-cuda-backward-f16 4 h16-q2048-k2048-d64,h16-q2048-k2048-d128
flash-cuda-backward-f32 4 h16-q2048-k2048-d64,h16-q2048-k2048-d128
CASES
    return "$status"
}

part_sanitizer() {
    need compute-sanitizer
    local status=0 clean=0 dirty= broken= kernel shapes tool log code
    while read -r kernel shapes; do
        for tool in memcheck racecheck synccheck; do
            log=$results/sanitizer-$tool-$kernel.txt
            timeout --foreground -k 5 60 compute-sanitizer --tool "$tool" --report-api-errors no --print-limit 20 --error-exitcode 99 \
                "$program" forward "$kernel" --shapes "$shapes" >"$log" 2>&1
            code=$?
            echo "$tool $kernel: $code, $(grep -E 'SUMMARY' "$log" | tail -n 1)"
            if ((code == 0)); then
                clean=$((clean + 1))
            elif ((code == 99)); then
                dirty+=" $tool $kernel" status=1
                # Counts even if the part reaches its limit later.
                : >"$work/wrong"
            else
                broken+=" $tool $kernel ($code)"
            fi
            say "$clean clean${dirty:+, errors:$dirty}${broken:+, did not run:$broken}"
        done
    done <<'CASES'
flash-cuda-backward-f16 h2/1-q70-k200-d64,h2/1-q200-k70-d64-causal,h2/1-q140-k70-d128-causal,h1-q70-k140-d128-window32
flash-cuda-backward-f32 h2/1-q70-k130-d64,h2-q130-k70-d64-causal,h2/1-q40-k70-d128-causal,h1-q70-k70-d128-window32
flash-cuda-wgmma-f16 h2/1-q70-k130-d64,h2-q130-k70-d128,h2-q130-k200-d64-causal,h2/1-q70-k200-d128-causal,h1-q150-k150-d64-window64
flash-cuda-f16 h2/1-q70-k130-d64,h2-q130-k70-d128,h2-q130-k200-d64-causal,h2/1-q70-k200-d128-causal,h1-q150-k150-d64-window64
flash-cuda-wgmma-f16-out16 h2/1-q70-k130-d64,h2-q130-k70-d128
flash-cuda-f16-out16 h2/1-q70-k130-d64,h2-q130-k70-d128
flash-cuda-decode-f16 h8/2-q1-k300-d64,h8/2-q2-k300-d128-causal
flash-cuda-decode-f32 h8/2-q1-k300-d64,h8/2-q2-k300-d128-causal
flash-cuda-f32 h2/1-q70-k130-d64,h2-q130-k70-d128,h2-q130-k200-d64-causal,h2/1-q70-k200-d128-causal,h1-q150-k150-d64-window64
CASES
    return "$status"
}

part_ptxas() {
    need ptxas
    local capability file cubin=$work/attention.cubin sass=$work/attention.sass status
    capability=$(timeout --foreground 20 nvidia-smi --query-gpu=compute_cap --format=csv,noheader 2>/dev/null | head -n 1 | tr -d '. ')
    [[ $capability =~ ^[0-9]+$ ]] || capability=90
    file=$home/ptx/attention.sm_80.ptx
    # Code of 9.0 alone has the products of warpgroups.
    ((capability != 90)) || file=$home/ptx/attention.sm_90a.ptx capability=90a
    ptxas --version
    ptxas -v "-arch=sm_$capability" "$file" -o "$cubin" 2>&1 | tee "$results/ptxas-v.txt"
    status=${PIPESTATUS[0]}
    local spills
    spills=$(grep -oE '[0-9]+ bytes spill (stores|loads)' "$results/ptxas-v.txt" | awk '{ sum += $1 } END { print sum + 0 }')
    if ((status == 0)) && command -v cuobjdump >/dev/null; then
        cuobjdump -sass "$cubin" >"$sass"
    elif ((status == 0)) && command -v nvdisasm >/dev/null; then
        nvdisasm "$cubin" >"$sass"
    fi
    if [[ -s $sass ]]; then
        gzip -c "$sass" >"$results/sass.txt.gz"
        # Local loads and stores are spills: the kernels have no arrays in local memory.
        awk '
            /Function :/ || /^\.text\./ {
                name = $NF
                sub(/^\.text\./, "", name)
                sub(/:$/, "", name)
                if (!(name in seen)) { seen[name] = 1; order[++n] = name }
            }
            /[ \t]HGMMA/ { hgmma[name]++ }
            /[ \t]HMMA/ { hmma[name]++ }
            /[ \t]LDSM/ { ldsm[name]++ }
            /[ \t]LDGSTS/ { copies[name]++ }
            /[ \t]FFMA/ { ffma[name]++ }
            /[ \t](LDL|STL)/ { local[name]++ }
            END {
                print "entry,HMMA,HGMMA,LDSM,LDGSTS,FFMA,local"
                for (i = 1; i <= n; i++) {
                    e = order[i]
                    printf "%s,%d,%d,%d,%d,%d,%d\n", e, hmma[e], hgmma[e], ldsm[e], copies[e], ffma[e], local[e]
                }
            }' "$sass" | tee "$results/sass-counts.csv"
    else
        echo "no SASS: cuobjdump and nvdisasm are not found, or ptxas failed"
    fi
    local entries
    entries=$(grep -c 'Used [0-9]* registers' "$results/ptxas-v.txt")
    say "sm_$capability: $spills bytes of spills, $entries entries$([[ -s $sass ]] || echo ', no SASS')"
    return "$status"
}

while read -r name; do
    export -f "${name?}"
done < <(compgen -A function | grep -E '^(part_.*|judge|say|need)$')

# ---- order

status=0
last=0

# A part that is ended lets its current command end by itself first: the program then writes its report.
shell='set -uo pipefail; trap "exit 143" TERM; "$0" "$@"'

# part NAME SECONDS FAILS [ARGUMENT…]: runs part_NAME. FAILS: yes where exit codes other than those of a time limit are the script's.
part() {
    local name=$1 limit=$2 fails=$3 begin=$SECONDS left=$((deadline - SECONDS)) says packed_at=$SECONDS
    shift 3
    # Less than eight seconds would hardly start the program.
    limit=$((limit * seconds / usual))
    ((limit >= 8)) || limit=8
    ((limit <= left)) || limit=$left
    if ((limit < 3)); then
        summarise "$name" 0 - "left out: no time was left"
        last=-1
        return
    fi
    printf '== %s (at most %d s)\n' "$name" "$limit"
    rm -f "$work/says"
    limit=$limit timeout -k 10 "$limit" bash -c "$shell" "part_${name//-/_}" "$@" >"$results/$name.txt" 2>&1 &
    child=$!
    # A signal is handled between short waits, and not only when the part has ended.
    {
        while kill -0 "$child"; do
            sleep 0.2
            if ((SECONDS - packed_at >= 20)); then
                pack
                packed_at=$SECONDS
            fi
        done
        wait "$child"
        last=$?
    } 2>/dev/null
    child=
    shorten "$results/$name.txt"
    says=$(cat "$work/says" 2>/dev/null || tail -n 1 "$results/$name.txt" | cut -c -300)
    case $last in
        124 | 137) says="ended at its limit of $limit s${says:+; $says}" ;;
        "$missing" | 0) ;;
        *) [[ $fails != yes ]] || status=1 ;;
    esac
    [[ ! -e $work/wrong ]] || status=1
    summarise "$name" $((SECONDS - begin)) "$last" "$says"
    pack
}

summarise() {
    printf '%-12s %4s s  exit %-3s  %s\n' "$1" "$2" "$3" "$4" | tee -a "$results/summary.txt"
}

part doctor 60 no
part verify 120 yes
part run-first 220 yes "${measured[@]}"
first=$last
part torch 110 no
part ncu 90 no
part sanitizer 120 yes
part ptxas 40 no
part verify-ptx 75 yes
if ((first == 124 || first == 137)); then
    part run-rest 300 yes
else
    summarise run-rest 0 - "left out: run-first ended by itself"
fi
part verify-full 100000 yes
summarise all $((SECONDS - begun)) "$status" "bring back $packed"
pack
exit "$status"
