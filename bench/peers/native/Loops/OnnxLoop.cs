using Kernels.NativePeers.OnnxRuntime;
using Microsoft.ML.OnnxRuntime;

namespace Kernels.NativePeers.Loops;

/// <summary>
/// <c>InferenceSession.Run</c>, whose results ONNX Runtime allocates; of GroupQueryAttention all keys are new, and the cache is shared as in
/// a model that generates text. Its mask is causal, that of the others full.
/// </summary>
internal sealed unsafe class OnnxLoop : ILoop
{
    private readonly OnnxNode node;
    private readonly InferenceSession session;
    private readonly RunOptions options = new();
    private readonly string[] inputNames, outputNames;
    private readonly OrtValue[] inputs;
    private readonly OrtValue[]? outputs;

    public OnnxLoop(string name, LoopShape shape, int threads)
    {
        node = Node(name, shape);
        foreach ((_, OnnxTensor tensor) in node.Inputs.Where(each => each.Tensor.Shape.Count > 1))
            LoopShape.Fill(tensor.Start, shape.Count);
        using var settings = new SessionOptions { IntraOpNumThreads = threads };
        session = new InferenceSession(node.Model(), settings);
        (inputNames, inputs) = ([.. node.Inputs.Select(each => each.Name)], [.. node.Inputs.Select(each => each.Tensor.Value)]);
        outputNames = [.. node.Outputs.Select(each => each.Name)];
        outputs = name == "gqa" ? [.. node.Outputs.Select(each => each.Tensor.Value)] : null;
    }

    public void Call()
    {
        if (outputs is null)
            session.Run(options, inputNames, inputs, outputNames).Dispose();
        else
            session.Run(options, inputNames, inputs, outputNames, outputs);
    }

    public void Dispose()
    {
        session.Dispose();
        options.Dispose();
        foreach (OnnxTensor tensor in node.Inputs.Concat(node.Outputs).Select(each => each.Tensor).Distinct())
            tensor.Dispose();
    }

    private static OnnxNode Node(string name, LoopShape shape)
    {
        OnnxTensor TokenMajor() => OnnxTensor.Floats(1, shape.Tokens, shape.Heads * shape.Channels);
        OnnxTensor HeadMajor() => OnnxTensor.Floats(1, shape.Heads, shape.Tokens, shape.Channels);
        if (name == "attention")
            return new("Attention", "", shape.Scale, [("is_causal", 0)], [("q", HeadMajor()), ("k", HeadMajor()), ("v", HeadMajor())], [("o", HeadMajor())]);
        if (name != "gqa")
        {
            Func<OnnxTensor> keys = name == "mha" ? TokenMajor : HeadMajor;
            return new(
                "MultiHeadAttention", OnnxOperator.ContribDomain, shape.Scale, [("num_heads", shape.Heads)],
                [("q", TokenMajor()), ("k", keys()), ("v", keys())], [("o", TokenMajor())]);
        }
        (OnnxTensor cachedKeys, OnnxTensor cachedValues) = (HeadMajor(), HeadMajor());
        return new(
            "GroupQueryAttention", OnnxOperator.ContribDomain, shape.Scale, [("num_heads", shape.Heads), ("kv_num_heads", shape.Heads)],
            [
                ("q", TokenMajor()), ("k", TokenMajor()), ("v", TokenMajor()), ("past_k", cachedKeys), ("past_v", cachedValues),
                ("last_key", OnnxTensor.Ints(shape.Tokens - 1, 1)), ("all_keys", OnnxTensor.Ints(shape.Tokens, 1)),
            ],
            [("o", TokenMajor()), ("present_k", cachedKeys), ("present_v", cachedValues)]);
    }
}
