# Answers as docs/peers.md asks until it is to run, and then does what TORTURE_PEER says. Its process ends by itself when its input does, except
# where it hangs.
field() { printf '%s' "$line" | sed "s/.*\"$1\":\"*\([^,\"}]*\).*/\1/"; }
while read -r line; do
    case "$line" in
    *'"do":"hello"'*) echo '{"version":"torture 1.0"}' ;;
    *'"do":"run"'*)
        case "${TORTURE_PEER:-die}" in
        hang) exec sleep 1000 ;;
        flood) exec yes '{"nanoseconds":[1]}' ;;
        lie) printf '{"nanoseconds":[%s]}\n' "$(yes 5e-324 | head -n "$(field calls)" | paste -sd, -)" ;;
        garbage) head -c 300 /dev/urandom; echo ;;
        die) exit 3 ;;
        esac ;;
    *) echo '{}' ;;
    esac
done
