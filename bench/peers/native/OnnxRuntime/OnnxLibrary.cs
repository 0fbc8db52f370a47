using Kernels.NativePeers.Operators;
using Microsoft.ML.OnnxRuntime;

namespace Kernels.NativePeers.OnnxRuntime;

/// <summary>ONNX Runtime, by its package for .NET.</summary>
internal sealed class OnnxLibrary : IOperatorLibrary
{
    public string Load()
    {
        // Its own loader finds the same file afterwards; this one says why it cannot be loaded.
        NativeFile.Load("onnxruntime", "libonnxruntime.so");
        return $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}";
    }

    public IOperator? Find(string name) => name switch
    {
        "mha" => new MultiHeadAttention(headMajorKeys: false),
        "mha-unfused" => new MultiHeadAttention(headMajorKeys: true),
        "attention" => new StandardAttention(),
        "gqa" => new GroupQueryAttention(),
        _ => null,
    };
}
