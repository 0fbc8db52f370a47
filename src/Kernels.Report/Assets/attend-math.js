'use strict';
// What the page computes, in float64 as AttentionWeights.cs does: scores from q and k, weights from scores.
const AttendMath = (() => {
  const data = JSON.parse(document.getElementById('attend-data').textContent);
  const decoded = new Map();

  // Little-endian, as is every machine with a browser.
  function floats(id) {
    if (!decoded.has(id)) {
      const text = atob(document.getElementById(id).textContent), bytes = new Uint8Array(text.length);
      for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
      decoded.set(id, new Float32Array(bytes.buffer));
    }
    return decoded.get(id);
  }

  const tensors = view => data.tensors[view.tensors];
  const visible = (view, query) => view.kind === 'causal' ? query + 1 : view.keys.length;

  // Products q·k of one query with all keys, masked ones too, which nobody reads.
  function scoreRow(view, layer, head, query, into, at) {
    const { heads, headDim: d, queries, keys } = tensors(view), place = layer * heads + head;
    const q = floats(`q${view.tensors}`), k = floats(`k${view.tensors}`), q0 = (place * queries + query) * d;
    for (let key = 0, k0 = place * keys * d; key < keys; key++, k0 += d) {
      let sum = 0;
      for (let i = 0; i < d; i++) sum += q[q0 + i] * k[k0 + i];
      into[at + key] = sum;
    }
  }

  function softmaxRow(view, query, scores, multiple, into, at) {
    const scale = multiple / Math.sqrt(tensors(view).headDim), count = visible(view, query);
    let max = -Infinity, sum = 0;
    for (let key = 0; key < count; key++) max = Math.max(max, scores[at + key]);
    for (let key = 0; key < count; key++) sum += into[at + key] = Math.exp(scale * (scores[at + key] - max));
    for (let key = 0; key < count; key++) into[at + key] /= sum;
    into.fill(0, at + count, at + view.keys.length);
  }

  function scores(view, layer, head) {
    const K = view.keys.length, all = new Float64Array(view.queries.length * K);
    for (let query = 0; query < view.queries.length; query++) scoreRow(view, layer, head, query, all, query * K);
    return all;
  }

  function weights(view, scores, multiple) {
    const K = view.keys.length, all = new Float64Array(scores.length);
    for (let query = 0; query < view.queries.length; query++) softmaxRow(view, query, scores, multiple, all, query * K);
    return all;
  }

  // Sum, entropy in bits and mean distance of a row.
  function facts(view, weights, query) {
    const K = view.keys.length;
    let sum = 0, entropy = 0, distance = 0;
    for (let key = 0; key < K; key++) {
      const weight = weights[query * K + key];
      sum += weight;
      if (weight > 0) entropy -= weight * Math.log2(weight);
      distance += weight * Math.abs(query - key);
    }
    return { sum, entropy, distance };
  }

  function means(rows) {
    const mean = name => rows.reduce((sum, row) => sum + row[name], 0) / rows.length;
    return { entropy: mean('entropy'), distance: mean('distance') };
  }

  const isLong = view => view.keys.length > data.longText;

  // The weight that has the darkest colour, for each row: 1, and in a long text, where few are near it, the largest of the row.
  function darkest(view, weights) {
    const K = view.keys.length, all = new Float64Array(view.queries.length).fill(isLong(view) ? 0 : 1);
    for (let place = 0; isLong(view) && place < weights.length; place++) {
      const query = Math.floor(place / K);
      all[query] = Math.max(all[query], weights[place]);
    }
    return all;
  }

  // The largest share of the darkest among each group of cells, and -1 where all are masked: a mean would hide a strong one.
  function peaks(view, weights, rows, columns) {
    const [Q, K] = [view.queries.length, view.keys.length], found = new Float64Array(rows * columns).fill(-1);
    const most = darkest(view, weights);
    for (let query = 0; query < Q; query++) {
      const row = Math.floor(query * rows / Q) * columns, count = visible(view, query);
      for (let key = 0; key < count; key++) {
        const place = row + Math.floor(key * columns / K), share = weights[query * K + key] / most[query];
        if (share > found[place]) found[place] = share;
      }
    }
    return found;
  }

  // What a key has from all queries that see it, on average: a head in which everyone looks at a token says little of one that does.
  function column(view, weights, key) {
    let sum = 0, count = 0;
    for (let query = 0; query < view.queries.length; query++) {
      if (key >= visible(view, query)) continue;
      sum += weights[query * view.keys.length + key];
      count++;
    }
    return count === 0 ? 0 : sum / count;
  }

  // Every head by its weight from one token to another, with the strongest other key.
  function links(view, from, to, multiple) {
    const { layers, heads } = tensors(view), row = new Float64Array(view.keys.length), found = [];
    for (let layer = 0; layer < layers; layer++) {
      for (let head = 0; head < heads; head++) {
        scoreRow(view, layer, head, from, row, 0);
        softmaxRow(view, from, row, multiple, row, 0);
        let other = -1;
        for (let key = 0; key < visible(view, from); key++) if (key !== to && (other < 0 || row[key] > row[other])) other = key;
        found.push({ layer, head, weight: row[to], other, otherWeight: other < 0 ? 0 : row[other] });
      }
    }
    return found.sort((a, b) => b.weight - a.weight);
  }

  return { data, tensors, visible, scores, weights, facts, means, isLong, darkest, peaks, column, links };
})();
