// ONNX Runtime's attention operators as peers; docs/peers.md describes the protocol. The models are one node each and are made here.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');

// ONNX is protobuf: numbers are varints or little-endian floats, everything else is bytes with a length before them.
const onnx = {
  varint(value) {
    const bytes = [];
    for (; value > 127; value = Math.floor(value / 128)) bytes.push(value % 128 | 128);
    return Buffer.from([...bytes, value]);
  },
  int: (field, value) => Buffer.concat([onnx.varint(field << 3), onnx.varint(value)]),
  float(field, value) {
    const bytes = Buffer.alloc(4);
    bytes.writeFloatLE(value);
    return Buffer.concat([onnx.varint(field << 3 | 5), bytes]);
  },
  bytes: (field, value) => Buffer.concat([onnx.varint(field << 3 | 2), onnx.varint(Buffer.byteLength(value)), Buffer.from(value)]),
  message: (field, ...parts) => onnx.bytes(field, Buffer.concat(parts)),

  // Field numbers are those of onnx.proto: ValueInfoProto, AttributeProto, NodeProto, GraphProto and ModelProto.
  value: (field, name, tensor) => onnx.message(
    field, onnx.bytes(1, name), onnx.message(2, onnx.message(
      1, onnx.int(1, tensor.type === 'int32' ? 6 : 1),
      onnx.message(2, ...tensor.dims.map(size => onnx.message(1, onnx.int(1, size))))))),
  attribute: (name, value) => name === 'scale'
    ? onnx.message(5, onnx.bytes(1, name), onnx.float(2, value), onnx.int(20, 1))
    : onnx.message(5, onnx.bytes(1, name), onnx.int(3, value), onnx.int(20, 2)),
  model: ({ type, domain, attributes, inputs, outputs }) => Buffer.concat([
    onnx.int(1, 10),
    onnx.message(8, onnx.bytes(1, ''), onnx.int(2, 23)),
    onnx.message(8, onnx.bytes(1, 'com.microsoft'), onnx.int(2, 1)),
    onnx.message(
      7,
      onnx.message(
        1, ...Object.keys(inputs).map(name => onnx.bytes(1, name)), ...Object.keys(outputs).map(name => onnx.bytes(2, name)),
        onnx.bytes(4, type), ...Object.entries(attributes).map(([name, value]) => onnx.attribute(name, value)), onnx.bytes(7, domain)),
      onnx.bytes(2, 'attention'),
      ...Object.entries(inputs).map(([name, tensor]) => onnx.value(11, name, tensor)),
      ...Object.entries(outputs).map(([name, tensor]) => onnx.value(12, name, tensor))),
  ]),
};

const protocol = 2;

let binding, Tensor, operator, loaded;

const floats = (data, ...dims) => new Tensor('float32', data, dims);
const empty = (...dims) => floats(new Float32Array(dims.reduce((product, size) => product * size)), ...dims);

// [batch, outer, inner, channel] to [batch, inner, outer, channel].
function swapped(data, batch, outer, inner, channels) {
  const result = new Float32Array(data.length);
  for (let b = 0, from = 0; b < batch; b++)
    for (let o = 0; o < outer; o++)
      for (let i = 0; i < inner; i++, from += channels)
        result.set(data.subarray(from, from + channels), ((b * inner + i) * outer + o) * channels);
  return result;
}

// Whether every query sees every key: then a causal mask need not be asked for.
const seesAll = p => p.mask === 'full' || p.mask === 'causal' && p.queries === 1;

// Where the causal diagonal starts makes no difference in a square.
const isCausal = (p, alignment) => p.mask === alignment || p.mask.startsWith('causal') && p.queries === p.keys;

const ownScale = p => p.scale === 0 ? 'takes a scale of 0 for none given' : undefined;

// Queries and output are [batch, token, head·channel].
const multiHead = keysOrValues => ({
  refuses: p => p.kvHeads !== p.heads ? 'has no grouped heads'
    : p.mask === 'window' ? 'has no window mask'
      : seesAll(p) || p.queries === p.keys ? ownScale(p)
        : 'its causal mask needs as many keys as queries',
  node: (p, q, k, v) => ({
    type: 'MultiHeadAttention',
    domain: 'com.microsoft',
    attributes: { num_heads: p.heads, scale: p.scale, unidirectional: seesAll(p) ? 0 : 1 },
    inputs: {
      q: floats(swapped(q, p.batch, p.heads, p.queries, p.headDim), p.batch, p.queries, p.heads * p.headDim),
      k: keysOrValues(k, p, p.headDim),
      v: keysOrValues(v, p, p.valueDim),
    },
    outputs: { y: empty(p.batch, p.queries, p.heads * p.valueDim) },
  }),
  result: (p, output) => swapped(output, p.batch, p.queries, p.heads, p.valueDim),
});

const operators = {
  // Without a mask this one is fused: a flash attention that transposes all of its inputs first.
  mha: multiHead((data, p, d) => floats(swapped(data, p.batch, p.heads, p.keys, d), p.batch, p.keys, p.heads * d)),
  // The same operator on keys and values as a cache holds them: it transposes queries only, and makes the whole score matrix.
  'mha-unfused': multiHead((data, p) => floats(data, p.batch, p.heads, p.keys, p.headDim)),
  attention: {
    refuses: p => p.mask === 'window' ? 'has no window mask'
      : !seesAll(p) && !isCausal(p, 'causal-topleft') ? 'its causal mask is aligned to the first key'
        : p.scale > 0 ? undefined : 'takes positive scales only',
    node: (p, q, k, v) => ({
      type: 'Attention',
      domain: '',
      attributes: { scale: p.scale, is_causal: seesAll(p) ? 0 : 1 },
      inputs: {
        q: floats(q, p.batch, p.heads, p.queries, p.headDim),
        k: floats(k, p.batch, p.kvHeads, p.keys, p.headDim),
        v: floats(v, p.batch, p.kvHeads, p.keys, p.valueDim),
      },
      outputs: { y: empty(p.batch, p.heads, p.queries, p.valueDim) },
    }),
    result: (p, output) => output,
  },
  gqa: {
    refuses: p => p.queries > p.keys ? 'needs at least as many keys as queries'
      : p.headDim % 8 !== 0 ? 'needs a head dimension that is a multiple of 8'
        : p.batch > 1 && p.queries > 1 && p.queries < p.keys ? 'takes several new tokens beside cached ones in a batch of 1 only'
          : isCausal(p, 'causal') || p.mask === 'full' && p.queries === 1 ? ownScale(p)
            : `is always causal, aligned to the last key, so it has no ${p.mask} mask`,
    // The last keys are new, those before them in the cache. Past and present are one buffer, as in a model that generates text, so
    // that the operator writes the new keys into it and copies no others.
    node(p, q, k, v) {
      const fresh = data => {
        const last = new Float32Array(p.batch * p.kvHeads * p.queries * p.headDim);
        for (let head = 0, block = p.queries * p.headDim; head < p.batch * p.kvHeads; head++)
          last.set(data.subarray(((head + 1) * p.keys - p.queries) * p.headDim, (head + 1) * p.keys * p.headDim), head * block);
        return floats(swapped(last, p.batch, p.kvHeads, p.queries, p.headDim), p.batch, p.queries, p.kvHeads * p.headDim);
      };
      const keys = floats(k, p.batch, p.kvHeads, p.keys, p.headDim), values = floats(v, p.batch, p.kvHeads, p.keys, p.headDim);
      return {
        type: 'GroupQueryAttention',
        domain: 'com.microsoft',
        attributes: { num_heads: p.heads, kv_num_heads: p.kvHeads, scale: p.scale },
        inputs: {
          q: floats(swapped(q, p.batch, p.heads, p.queries, p.headDim), p.batch, p.queries, p.heads * p.headDim),
          k: fresh(k),
          v: fresh(v),
          past_k: keys,
          past_v: values,
          last_key: new Tensor('int32', new Int32Array(p.batch).fill(p.keys - 1), [p.batch]),
          all_keys: new Tensor('int32', Int32Array.of(p.keys), [1]),
        },
        outputs: { y: empty(p.batch, p.queries, p.heads * p.headDim), present_k: keys, present_v: values },
      };
    },
    result: (p, output) => swapped(output, p.batch, p.queries, p.heads, p.headDim),
  },
};

function read(file) {
  const bytes = fs.readFileSync(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

// Threads that spin while they wait for more work would slow down what is measured next.
async function quiet() {
  for (let calm = 0; calm < 2;) {
    const before = process.cpuUsage();
    await new Promise(resolve => setTimeout(resolve, 5));
    const { user, system } = process.cpuUsage(before);
    calm = user + system < 2500 ? calm + 1 : 0;
  }
}

const requests = {
  hello(request) {
    if (request.protocol !== protocol) return { error: `speaks version ${protocol} of the protocol, not ${request.protocol}` };
    operator = operators[request.operator];
    if (!operator) return { error: `there is no operator ${request.operator}` };
    try {
      // The binding itself: the public interface answers through promises, whose cost is not the operator's.
      const root = path.dirname(require.resolve('onnxruntime-node/package.json'));
      const native = require(path.join(root, 'dist', 'binding.js'));
      native.initOrt();
      binding = native.binding;
      Tensor = require('onnxruntime-common').Tensor;
    } catch (error) {
      return { missing: `onnxruntime-node cannot be loaded: ${error.message.split('\n')[0]}` };
    }
    return { version: `onnxruntime-node ${require('onnxruntime-node/package.json').version}` };
  },

  supports({ operation, problem, operands }) {
    const refusal = operation !== 'softmax' ? `does not compute ${operation}`
      : Object.values(operands).some(each => each.element !== 'float32') ? 'takes float32 alone'
        : operator.refuses(problem);
    return { refusal };
  },

  load({ problem, threads, operands: { q, k, v } }) {
    loaded?.session.dispose();
    loaded = undefined;
    const node = operator.node(problem, read(q.file), read(k.file), read(v.file));
    const model = onnx.model(node);
    const session = new binding.InferenceSession();
    session.loadModel(model.buffer, model.byteOffset, model.byteLength, {
      intraOpNumThreads: threads, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all',
    });
    loaded = { problem, session, ...node };
    return {};
  },

  async run({ calls, outputs: { o } }) {
    const { problem, session, inputs, outputs } = loaded;
    outputs.y.data.fill(NaN);
    const nanoseconds = new Array(calls);
    for (let call = 0; call < calls; call++) {
      const begin = process.hrtime.bigint();
      session.run(inputs, outputs, {});
      nanoseconds[call] = Number(process.hrtime.bigint() - begin);
    }
    fs.writeFileSync(o, operator.result(problem, outputs.y.data));
    await quiet();
    return { nanoseconds };
  },
};

async function main() {
  // Ctrl-C reaches every process of the terminal; the one that asks decides when this one ends.
  process.on('SIGINT', () => {});
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    let answer;
    try {
      answer = await requests[request.do](request);
    } catch (error) {
      answer = { error: error.message };
    }
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  process.exit(0);
}

main();
