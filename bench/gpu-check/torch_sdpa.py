#!/usr/bin/env python3
"""PyTorch's scaled_dot_product_attention on the GPU of this machine, each of its backends, on the shapes that the suite gpu begins with.

    torch_sdpa.py --out FOLDER [--seconds S]

Writes torch.json and torch.csv into FOLDER after every case, and a table to standard output. A backend that does not take a case has a row
with PyTorch's reason. Times are of the device, by events around each call:
  queued   the calls stand in the stream before the first one begins, so the time of the host is not counted;
  single   each call is waited for before the next, as the suite measures its own kernels.
Of a gradient case it is the backward pass alone that is timed: dQ, dK and dV of an output that was computed before.
Operations are 4 · heads · channels for each pair of query and key that the mask shows, 10 of a gradient case, as in the suite;
bytes are q, k, v and the output, and of a gradient case those, dO and the three gradients.
"""
import argparse
import csv
import itertools
import json
import os
import statistics
import sys
import time
import warnings

NO_TOOL = 77
REPETITIONS = 25
# Cycles that the device waits while calls are queued: some 10 ms.
QUEUE_CYCLES = 20_000_000
COPY_BYTES = 1 << 30


def cases():
    """(name, heads, kv heads, queries, keys, channels, causal, form of the call), the most important first."""
    for channels in (128, 64):
        for causal in (False, True):
            mask = "-causal" if causal else ""
            yield (f"h16-q8192-k8192-d{channels}{mask}", 16, 16, 8192, 8192, channels, causal, "")
    for keys in (4096, 8192, 16384, 32768, 65536, 131072):
        # Either PyTorch knows the groups, or the queries of a group are given as rows of one head, which is the same for one query.
        for form in ("enable_gqa", "rows"):
            yield (f"h32/8-q1-k{keys}-d128", 32, 8, 1, keys, 128, False, form)
    for channels in (128, 64):
        for causal in (False, True):
            mask = "-causal" if causal else ""
            yield (f"h16-q3072-k3072-d{channels}{mask}", 16, 16, 3072, 3072, channels, causal, "backward")


def tensors(torch, case, dtype):
    _, heads, kv_heads, queries, keys, channels, _, form = case
    generator = torch.Generator(device="cuda").manual_seed(1)

    def normal(*shape):
        return torch.randn(shape, generator=generator, device="cuda", dtype=torch.float32).to(dtype)

    rows = (kv_heads, heads // kv_heads * queries) if form == "rows" else (heads, queries)
    return normal(1, *rows, channels), normal(1, kv_heads, keys, channels), normal(1, kv_heads, keys, channels)


def gradient_error(torch, case, q, k, v, grad_o, gradients):
    """Largest difference from float64 in the gradients of the first head."""
    exact = [x[0, 0].double().requires_grad_() for x in (q.detach(), k.detach(), v.detach())]
    scores = exact[0] @ exact[1].T / q.shape[3] ** 0.5
    if case[6]:
        scores = scores.masked_fill(torch.ones(scores.shape, dtype=torch.bool, device="cuda").triu(1), float("-inf"))
    expected = torch.autograd.grad(scores.softmax(-1) @ exact[2], exact, grad_o[0, 0].double())
    return max(float((a[0, 0].double() - b).abs().max()) for a, b in zip(gradients, expected))


def error(torch, case, q, k, v, output):
    """Largest difference from float64 in the last rows of the first head."""
    rows = min(64, q.shape[2])
    scores = q[0, 0, -rows:].double() @ k[0, 0].double().T / q.shape[3] ** 0.5
    if case[6]:
        hidden = torch.ones(rows, k.shape[2], dtype=torch.bool, device="cuda").triu(k.shape[2] - rows + 1)
        scores.masked_fill_(hidden, float("-inf"))
    return float((scores.softmax(-1) @ v[0, 0].double() - output[0, 0, -rows:].double()).abs().max())


def queued(torch, call):
    events = [(torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)) for _ in range(REPETITIONS)]
    torch.cuda._sleep(QUEUE_CYCLES)
    for begin, end in events:
        begin.record()
        call()
        end.record()
    torch.cuda.synchronize()
    return sorted(begin.elapsed_time(end) * 1e3 for begin, end in events)


def single(torch, call):
    times = []
    for _ in range(REPETITIONS):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        call()
        end.record()
        end.synchronize()
        times.append(begin.elapsed_time(end) * 1e3)
    return sorted(times)


def one_line(text):
    return " ".join(str(text).split())[:300]


def measure(torch, backend, case, q, k, v):
    from torch.nn.attention import sdpa_kernel

    _, heads, _, queries, keys, channels, causal, form = case
    options = {"is_causal": causal}
    if form == "enable_gqa":
        options["enable_gqa"] = True

    backward = form == "backward"

    def forward():
        return torch.nn.functional.scaled_dot_product_attention(q, k, v, **options)

    def gradients():
        return torch.autograd.grad(output, (q, k, v), grad_o, retain_graph=True)

    call = gradients if backward else forward
    with warnings.catch_warnings(record=True) as said, torch.set_grad_enabled(backward), sdpa_kernel(backend):
        warnings.simplefilter("always")
        try:
            output = forward()
            if backward:
                grad_o = torch.randn_like(output)
                found = gradients()
            torch.cuda.synchronize()
        except (RuntimeError, TypeError, ValueError) as failure:
            # PyTorch warns why a backend does not take a call before it throws.
            reasons = [one_line(warning.message) for warning in said]
            return {"status": "refused", "reason": one_line(" | ".join(reasons + [str(failure).split("\n")[0]]))}
        if backward:
            result = {"status": "measured", "max_error": gradient_error(torch, case, q, k, v, grad_o, found)}
            del found
        else:
            result = {"status": "measured", "max_error": error(torch, case, q, k, v, output)}
            del output
        for _ in range(5):
            call()
        torch.cuda.synchronize()
        pairs = queries * (queries + 1) // 2 + queries * (keys - queries) if causal else queries * keys
        times, alone = queued(torch, call), single(torch, call)
    seconds = statistics.median(times) * 1e-6
    moved = 2 * (2 * q.numel() + k.numel() + v.numel()) * (2 if backward else 1)
    result.update(
        queued_us=statistics.median(times), queued_low_us=times[len(times) // 4], queued_high_us=times[3 * len(times) // 4],
        single_us=statistics.median(alone), repetitions=REPETITIONS,
        tflops=(10 if backward else 4) * heads * channels * pairs / seconds / 1e12, gigabytes_per_second=moved / seconds / 1e9)
    return result


def copy_bandwidth(torch):
    source, target = (torch.ones(COPY_BYTES, dtype=torch.uint8, device="cuda") for _ in range(2))
    times = queued(torch, lambda: target.copy_(source))
    return 2 * COPY_BYTES / (statistics.median(times) * 1e-6) / 1e9


def machine(torch):
    device = torch.cuda.get_device_properties(0)
    return {
        "device": device.name, "capability": f"{device.major}.{device.minor}", "multiprocessors": device.multi_processor_count,
        "memory_bytes": device.total_memory, "torch": torch.__version__, "cuda": torch.version.cuda,
        "cudnn": torch.backends.cudnn.version(), "python": sys.version.split()[0],
    }


def write(folder, results):
    def replace(name, write_to):
        path = os.path.join(folder, name)
        with open(path + ".new", "w", newline="", encoding="utf-8") as file:
            write_to(file)
        os.replace(path + ".new", path)

    columns = ["case", "form", "dtype", "backend", "status", "queued_us", "queued_low_us", "queued_high_us", "single_us", "tflops",
               "gigabytes_per_second", "max_error", "reason"]

    def write_rows(file):
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(results["rows"])

    replace("torch.json", lambda file: json.dump(results, file, indent=1))
    replace("torch.csv", write_rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--seconds", type=float, default=120)
    arguments = parser.parse_args()
    end = time.monotonic() + arguments.seconds
    try:
        import torch
        from torch.nn.attention import SDPBackend
    except ImportError as failure:
        print(f"PyTorch is not there, so this was left out: {failure}")
        return NO_TOOL
    if not torch.cuda.is_available():
        print(f"PyTorch {torch.__version__} shows no CUDA device, so this was left out")
        return NO_TOOL
    os.makedirs(arguments.out, exist_ok=True)
    results = {"machine": machine(torch), "copy_gigabytes_per_second": copy_bandwidth(torch), "rows": []}
    print(json.dumps(results["machine"]))
    print(f"copy within device memory: {results['copy_gigabytes_per_second']:.0f} GB/s, bytes read and written")
    named = [(name, getattr(SDPBackend, member)) for name, member in (
        ("flash", "FLASH_ATTENTION"), ("cudnn", "CUDNN_ATTENTION"), ("efficient", "EFFICIENT_ATTENTION"), ("math", "MATH"))
        if hasattr(SDPBackend, member)]
    measured = refused = left_out = 0
    # The fast backends on every case before the slow ones on any, because the time is short.
    for backends, case, kind in itertools.product((named[:2], named[2:]), cases(), ("float16", "bfloat16")):
        if time.monotonic() > end:
            left_out += len(backends)
            continue
        q, k, v = (x.requires_grad_(case[7] == "backward") for x in tensors(torch, case, getattr(torch, kind)))
        for name, backend in backends:
            if time.monotonic() > end:
                left_out += 1
                continue
            row = {"case": case[0], "form": case[7], "dtype": kind, "backend": name}
            try:
                row.update(measure(torch, backend, case, q, k, v))
            except torch.OutOfMemoryError as failure:
                torch.cuda.empty_cache()
                row.update(status="refused", reason=one_line(failure))
            results["rows"].append(row)
            write(arguments.out, results)
            start = f"{row['case']:28} {row['form']:10} {kind:8} {name:9}"
            if row["status"] == "measured":
                measured += 1
                print(f"{start} {row['queued_us']:10.1f} us queued {row['single_us']:10.1f} us single {row['tflops']:7.1f} TFLOP/s "
                      f"{row['gigabytes_per_second']:7.0f} GB/s  max error {row['max_error']:.1e}", flush=True)
            else:
                refused += 1
                print(f"{start} refused: {row['reason']}", flush=True)
        del q, k, v
    write(arguments.out, results)
    best = max((row for row in results["rows"] if row["status"] == "measured"), key=lambda row: row["tflops"], default=None)
    fastest = f"; fastest: {best['backend']} {best['dtype']} {best['case']} {best['tflops']:.0f} TFLOP/s" if best else ""
    print(f"{measured} measured, {refused} refused, {left_out} left out for time{fastest}")
    return 0 if measured else 1


if __name__ == "__main__":
    sys.exit(main())
