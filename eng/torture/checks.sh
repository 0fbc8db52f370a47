# What must hold after a fault. Sourced by torture.sh.

# pick N: a number below N in $picked. Not in a subshell, where the sequence would not go on.
pick() { picked=$((RANDOM % $1)); }

# moment MILLISECONDS: waits for a part of them.
moment() {
    pick "$1"
    sleep "$((picked / 1000)).$(printf '%03d' $((picked % 1000)))"
}

# program ARGUMENT…: the program, with a mark by which its children are found; what it writes goes into $work/out and $work/err.
program() { TORTURE_MARK=$mark dotnet "$assembly" "$@" >"$work/out" 2>"$work/err"; }

# begin ARGUMENT…: the same in the background, as $pid.
begin() {
    TORTURE_MARK=$mark dotnet "$assembly" "$@" >"$work/out" 2>"$work/err" &
    pid=$!
}

# end SIGNAL: sends it, and waits; the exit code is in $status.
end() {
    kill -"$1" "$pid" 2>/dev/null
    status=0
    wait "$pid" 2>/dev/null || status=$?
}

children() { grep -lsz "^TORTURE_MARK=$mark$" /proc/[0-9]*/environ | cut -d/ -f3; }

count_fault() { injected[$1]=$((${injected[$1]:-0} + 1)); }

# lose FAULT WORDS: something was lost.
lose() {
    lost[$1]=$((${lost[$1]:-0} + 1))
    echo "LOST after $1: $2"
}

# The run without a fault: complete, and as it is before its first case, from which --resume only has to measure the cases.
prepare() {
    local shapes=h1-q16-d8,h2/1-q20-d4-causal,h1-q40-d16-longnet8x1+32x4,h2-q33-d8-window8
    program run --kernels naive-three-pass --shapes "$shapes" --threads 1 --out "$work/complete" || return
    ls "$work/complete/cases" >"$work/plan"
    mkdir -p "$work/template/cases"
    cp "$work/complete/run.json" "$work/template"
    echo "a run has $(wc -l <"$work/plan") cases and took $SECONDS s"
}

# fresh: a copy of the run before its first case, as $folder.
fresh() {
    folder=$work/run
    rm -rf "$folder" && cp -r "$work/template" "$folder"
}

# no_child FAULT: processes have a moment to notice that this program is gone.
no_child() {
    local attempt
    for attempt in 1 2 3 4 5 6 7 8 9 10; do
        [[ -z $(children) ]] && return
        sleep 0.3
    done
    lose "$1" "processes are left: $(children | xargs -I{} sh -c 'tr "\0" " " </proc/{}/cmdline; echo' 2>/dev/null | head -n 3 | cut -c 1-120)"
    children | xargs -r kill -KILL 2>/dev/null
}

# whole_page FAULT FOLDER
whole_page() { [[ $(tail -c 20 "$2/index.html" 2>/dev/null) == *'</html>'* ]] || lose "$1" "index.html is not whole"; }

# completes FAULT [EXIT_CODE]: what was finished in $folder stays as it is, and --resume does the rest.
completes() {
    local fault=$1 expected=${2:-0} status=0 plan=${3:-$work/plan}
    no_child "$fault"
    (cd "$folder/cases" && find . -name '*.json' -exec sha256sum {} +) >"$work/finished" 2>/dev/null
    program run --resume "$folder" || status=$?
    ((status == expected)) || lose "$fault" "--resume ended with $status: $(tail -n 1 "$work/err")"
    grep -q Damaged "$work/err" && lose "$fault" "$(grep Damaged "$work/err" | head -n 1)"
    (cd "$folder/cases" && sha256sum --quiet --check "$work/finished" >/dev/null 2>&1) || [[ ! -s $work/finished ]] || lose "$fault" "a finished case is gone or was changed"
    ls "$folder/cases" | cmp -s - "$plan" || lose "$fault" "the cases are others: $(ls "$folder/cases" | diff - "$plan" | head -n 3 | tr '\n' ' ')"
    [[ $(grep -c '"problem":' "$folder/results.json") == $(wc -l <"$plan") ]] || lose "$fault" "results.json has not all cases"
    local left
    left=$(find "$folder" -name '*.tmp' -o -name run.lock)
    [[ -z $left ]] || lose "$fault" "left behind: $(head -n 1 <<<"$left")"
    whole_page "$fault" "$folder"
    no_child "$fault"
}
