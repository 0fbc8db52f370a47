# The faults, one function each. Sourced by torture.sh, which calls all that are named fault_….

signals=(KILL TERM INT HUP)

# A signal at any moment of the cases, or of the report after them.
fault_signal_in_cases() {
    pick ${#signals[@]}
    local signal=${signals[picked]} name
    name="SIG$signal during the cases of a run"
    fresh
    begin run --resume "$folder"
    moment 7000
    end "$signal"
    count_fault "$name"
    after_signal "$name" "$signal"
}

# The same from the first moment, with ceilings and gate.
fault_signal_in_run() {
    pick ${#signals[@]}
    local signal=${signals[picked]} name
    name="SIG$signal during ceilings and gate"
    folder=$work/run
    rm -rf "$folder"
    begin run --kernels naive-three-pass,naive-online-softmax --shapes h1-q16-d8 --threads 1 --out "$folder"
    moment 9000
    end "$signal"
    count_fault "$name"
    [[ -e $folder/run.json ]] || { no_child "$name"; return; }
    sed 's/q16.*q16/q16/' <<<"naive-online-softmax_b1-h1-q16-k16-d8_t1.json"$'\n'"naive-three-pass_b1-h1-q16-k16-d8_t1.json" >"$work/plan-of-two"
    [[ $signal == KILL ]] || ((status != 130)) || whole_page "$name" "$folder"
    completes "$name" 0 "$work/plan-of-two"
}

after_signal() {
    local name=$1
    if [[ $2 != KILL ]] && ((status == 130)); then
        whole_page "$name" "$folder"
        [[ -s $folder/results.json ]] || lose "$name" "results.json was not written"
    fi
    completes "$name"
}

fault_signal_in_report() {
    pick ${#signals[@]}
    local signal=${signals[picked]} name
    name="SIG$signal during a report"
    folder=$work/run
    rm -rf "$folder" && cp -r "$work/complete" "$folder"
    begin report "$folder"
    moment 2500
    end "$signal"
    count_fault "$name"
    whole_page "$name" "$folder"
    program report "$folder" || lose "$name" "the report cannot be made again: $(tail -n 1 "$work/err")"
    completes "$name"
}

fault_signal_in_compare() {
    pick ${#signals[@]}
    local signal=${signals[picked]} name json=$work/compare/compared.json
    name="SIG$signal during a comparison"
    rm -rf "$work/compare" && mkdir "$work/compare"
    begin compare naive-three-pass naive-online-softmax --shapes h1-q16-d8 --threads 1 --rounds 6 --processes 2 --json "$json"
    moment 9000
    end "$signal"
    count_fault "$name"
    no_child "$name"
    [[ ! -e $json || $(tail -n 1 "$json") == '}' ]] || lose "$name" "compared.json is not whole"
    [[ -z $(find "$work/compare" -name '*.tmp') ]] || lose "$name" "a temporary file is left"
}

# The disk is full at the n-th write, and has room again afterwards.
fault_full_disk() {
    local name="a disk full from some write on" fault
    [[ -e $work/faults.so ]] || cc -shared -fPIC -o "$work/faults.so" "$root/eng/torture/faults.c" -ldl 2>/dev/null \
        || { impossible[$name]="there is no C compiler"; return; }
    fresh
    pick 400
    fault=$picked
    LD_PRELOAD=$work/faults.so FAULT_FOLDER=$folder FAULT_WRITE=$fault program run --resume "$folder"
    one_line "$name" "write $fault"
    count_fault "$name"
    completes "$name"
}

# A real small disk, where the system lets one be mounted.
fault_small_disk() {
    local name="a small disk that fills up" kib
    unshare -m mount -t tmpfs none /mnt 2>/dev/null || { impossible[$name]="no disk can be mounted here"; return; }
    fresh
    mkdir -p "$work/disk"
    pick 600
    kib=$((picked + 60))
    TORTURE_MARK=$mark unshare -m bash -c '
        mount -t tmpfs -o size=$1k none "$2" && cp -r "$3" "$2/run" || exit 9
        dotnet "$4" run --resume "$2/run" >"$5/out" 2>"$5/err"
        rm -rf "$3" && cp -r "$2/run" "$3"' - "$kib" "$work/disk" "$folder" "$assembly" "$work"
    one_line "$name" "$kib KiB"
    count_fault "$name"
    completes "$name"
}

fault_read_only() {
    local name="a folder that cannot be written" status=0
    fresh
    if [[ $EUID -ne 0 ]]; then
        chmod -R a-w "$folder"
        program run --resume "$folder" || status=$?
        chmod -R u+w "$folder"
    else
        unshare -m true 2>/dev/null || { impossible[$name]="root may write everywhere, and nothing can be mounted"; return; }
        TORTURE_MARK=$mark unshare -m bash -c '
            mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 9
            dotnet "$2" run --resume "$1" >"$3/out" 2>"$3/err"' - "$folder" "$assembly" "$work" || status=$?
    fi
    ((status == 2)) || lose "$name" "ended with $status in place of 2"
    one_line "$name" "read-only"
    count_fault "$name"
    completes "$name"
}

fault_two_runs() {
    local name="two processes in one folder" first second=0
    fresh
    begin run --resume "$folder"
    moment 1500
    TORTURE_MARK=$mark dotnet "$assembly" run --resume "$folder" >"$work/out2" 2>"$work/err2" || second=$?
    wait "$pid"
    first=$?
    count_fault "$name"
    # Either one is refused, or the second begins when the first has ended.
    ((first + second == 2 || first + second == 0)) || lose "$name" "they ended with $first and $second: $(tail -qn 1 "$work/err" "$work/err2" | tr '\n' ' ')"
    completes "$name"
}

fault_clock() {
    local name="a clock that jumps by up to a day" status=0
    [[ -e $work/faults.so ]] || cc -shared -fPIC -o "$work/faults.so" "$root/eng/torture/faults.c" -ldl 2>/dev/null \
        || { impossible[$name]="there is no C compiler"; return; }
    fresh
    LD_PRELOAD=$work/faults.so FAULT_CLOCK=$RANDOM program run --resume "$folder" || status=$?
    ((status == 0)) || lose "$name" "ended with $status: $(tail -n 1 "$work/err")"
    count_fault "$name"
    completes "$name"
}

fault_sleep() {
    local name="a machine that sleeps" status=0 nap
    fresh
    begin run --resume "$folder"
    for nap in 1 2 3; do
        moment 1500
        kill -STOP -- "-$pid" 2>/dev/null
        moment 2000
        kill -CONT -- "-$pid" 2>/dev/null
    done
    wait "$pid" || status=$?
    ((status == 0)) || lose "$name" "ended with $status: $(tail -n 1 "$work/err")"
    count_fault "$name"
    completes "$name"
}

# A peer that fails costs its own cases and nothing else; one that hangs is waited for by nobody once the run is stopped.
fault_peer() {
    local ways=(hang flood lie garbage die) way name status=0
    pick ${#ways[@]}
    way=${ways[picked]}
    name="a peer that does this: $way"
    folder=$work/run
    rm -rf "$folder"
    local arguments=(run --peers "$root/eng/torture/peer" --kernels naive-three-pass,peer-torture-zeros --shapes h1-q16-d8 --threads 1 --out "$folder")
    printf '%s\n' naive-three-pass_b1-h1-q16-k16-d8_t1.json peer-torture-zeros_b1-h1-q16-k16-d8_t1.json >"$work/plan-of-two"
    if [[ $way == hang ]]; then
        TORTURE_PEER=$way begin "${arguments[@]}"
        sleep 7
        pick 2
        [[ $picked == 0 ]] && end KILL || end TERM
    else
        TORTURE_PEER=$way program "${arguments[@]}" || status=$?
        ((status == 1)) || lose "$name" "ended with $status: $(tail -n 1 "$work/err")"
    fi
    count_fault "$name"
    completes "$name" 1 "$work/plan-of-two"
}

# one_line FAULT DETAIL: what was said is one line, without a stack.
one_line() {
    grep -q '^   at ' "$work/err" && lose "$1" "$2: $(grep -m 1 -i exception "$work/err")"
    [[ $(grep -cv '^Damaged' "$work/err") -le 1 ]] || lose "$1" "$2: more than a line: $(head -n 2 "$work/err" | tr '\n' ' ')"
}
