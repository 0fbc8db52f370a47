#!/usr/bin/env bash
# Does to runs, reports and comparisons what happens to them sooner or later, and checks that nothing is lost: eng/torture.sh [--minutes N] [--seed N]
# After each fault every case that was finished is there and unchanged, --resume completes to the same cases, and no temporary file and no child process
# is left. Prints what was done and what was lost, and ends with 1 when anything was. The same seed makes the same faults, though not to the microsecond.
set -uo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
minutes=20 seed=1
while [[ $# -gt 1 ]]; do
    case $1 in
    --minutes) minutes=$2 ;;
    --seed) seed=$2 ;;
    *) break ;;
    esac
    shift 2
done
if [[ $# -gt 0 || ! $minutes =~ ^[0-9]+$ || ! $seed =~ ^[0-9]+$ ]]; then
    echo "usage: eng/torture.sh [--minutes N] [--seed N]" >&2
    exit 2
fi
assembly=$root/bench/bin/Release/net10.0/Kernels.Bench.dll
[[ -s $assembly ]] || { echo "first: dotnet build -c Release bench" >&2; exit 2; }

# Processes in the background get their own group, and the signals that they would have in a terminal.
set -m
RANDOM=$seed
work=$(mktemp -d)
mark=torture-$$-$seed
deadline=$((SECONDS + 60 * minutes))
declare -A injected=() lost=() impossible=()
source "$root/eng/torture/checks.sh"
source "$root/eng/torture/faults.sh"
trap 'children | xargs -r kill -KILL 2>/dev/null; rm -rf "$work"' EXIT

echo "seed $seed, $minutes min, $(nproc) processors; $(date -u +%FT%TZ)"
prepare || { echo "the run without a fault fails: $(tail -n 1 "$work/err")" >&2; exit 1; }
faults=($(declare -F | sed -n 's/^declare -f \(fault_.*\)/\1/p'))
while ((SECONDS < deadline)); do
    # Each of them once, in another order every time.
    for ((i = ${#faults[@]} - 1; i > 0; i--)); do
        pick $((i + 1))
        swap=${faults[i]} faults[i]=${faults[picked]} faults[picked]=$swap
    done
    for fault in "${faults[@]}"; do
        ((SECONDS < deadline)) || break
        "$fault"
    done
done

printf '\n%-44s %8s %8s\n' fault injected lost
for name in "${!injected[@]}"; do
    printf '%-44s %8d %8d\n' "$name" "${injected[$name]}" "${lost[$name]:-0}"
done | sort
for name in "${!impossible[@]}"; do
    printf 'not tried: %s: %s\n' "$name" "${impossible[$name]}"
done
total=0 losses=0
for count in "${injected[@]}"; do total=$((total + count)); done
for count in "${lost[@]}"; do losses=$((losses + count)); done
echo "$total faults, $losses times something was lost or left behind"
((losses == 0))
