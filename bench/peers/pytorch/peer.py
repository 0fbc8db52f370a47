"""PyTorch's scaled_dot_product_attention as a peer; docs/peers.md describes the protocol."""
import json
import math
import signal
import sys
import time

try:
    import torch
    missing = None
except ImportError as error:
    torch, missing = None, f"PyTorch cannot be imported: {error}"

PROTOCOL = 2

loaded = None


def shows_all(p):
    return p["mask"] == "full" or p["mask"] == "causal" and p["queries"] == 1


def hello(request):
    if request["protocol"] != PROTOCOL:
        return {"error": f"speaks version {PROTOCOL} of the protocol, not {request['protocol']}"}
    if request["operator"] != "sdpa":
        return {"error": f"there is no operator {request['operator']}"}
    if not missing and not hasattr(torch.nn.functional, "scaled_dot_product_attention"):
        return {"missing": f"PyTorch {torch.__version__} has no scaled_dot_product_attention, which came with 2.0"}
    return {"missing": missing} if missing else {"version": f"PyTorch {torch.__version__}"}


def supports(request):
    p = request["problem"]
    if request["operation"] != "softmax":
        return {"refusal": f"does not compute {request['operation']}"}
    if any(operand["element"] != "float32" for operand in request["operands"].values()):
        return {"refusal": "takes float32 alone"}
    if p["mask"] == "window":
        return {"refusal": "has no window mask"}
    if p["mask"] == "causal" and not shows_all(p) and p["queries"] != p["keys"]:
        return {"refusal": "its causal mask is aligned to the first key"}
    return {}


def load(request):
    global loaded

    def read(name):
        # From a file, not from a buffer: the tensor owns its memory and PyTorch aligns it.
        operand = request["operands"][name]
        flat = torch.from_file(operand["file"], shared=False, size=math.prod(operand["shape"]), dtype=torch.float32)
        return flat.view(*operand["shape"]).clone()

    torch.set_num_threads(request["threads"])
    loaded = request["problem"], read("q"), read("k"), read("v")
    return {}


def run(request):
    p, q, k, v = loaded
    options = {"is_causal": not shows_all(p), "scale": p["scale"]}
    if p["heads"] != p["kvHeads"]:
        options["enable_gqa"] = True
    attention = torch.nn.functional.scaled_dot_product_attention
    nanoseconds = []
    with torch.inference_mode():
        for _ in range(request["calls"]):
            begin = time.perf_counter_ns()
            result = attention(q, k, v, **options)
            nanoseconds.append(time.perf_counter_ns() - begin)
    result.contiguous().numpy().tofile(request["outputs"]["o"])
    quiet()
    return {"nanoseconds": nanoseconds}


def quiet():
    """Waits until no thread spins for more work: it would slow down what is measured next."""
    calm = 0
    while calm < 2:
        before = time.process_time_ns()
        time.sleep(0.005)
        calm = calm + 1 if time.process_time_ns() - before < 2_500_000 else 0


def main():
    # Ctrl-C reaches every process of the terminal; the one that asks decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Libraries may print: only answers may reach the real standard output.
    answers, sys.stdout = sys.stdout, sys.stderr
    requests = {"hello": hello, "supports": supports, "load": load, "run": run}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = requests[request["do"]](request)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


main()
