import array
import math

Tensor = None


def scaled_dot_product_attention(query, key, value, is_causal=False, scale=None, enable_gqa=False):
    """As PyTorch documents it: a causal mask is aligned to the first key, and heads are shared only on request."""
    batch, heads, queries, d = query.shape
    _, kv_heads, keys, _ = key.shape
    width = value.shape[-1]
    if heads != kv_heads and not enable_gqa:
        raise RuntimeError("heads differ")
    output = array.array("f")
    for row in range(batch * heads * queries):
        head, i = divmod(row, queries)
        first = (head // heads * kv_heads + head % heads // (heads // kv_heads)) * keys
        seen = range(first, first + (min(i + 1, keys) if is_causal else keys))
        q = query.data[row * d:row * d + d]
        scores = [scale * sum(a * b for a, b in zip(q, key.data[j * d:j * d + d])) for j in seen]
        weights = [math.exp(score - max(scores)) for score in scores]
        for c in range(width):
            output.append(sum(w * value.data[j * width + c] for w, j in zip(weights, seen)) / sum(weights))
    return Tensor(output, (batch, heads, queries, width))
