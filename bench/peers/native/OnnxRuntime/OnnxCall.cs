using Kernels.NativePeers.Memory;
using Kernels.NativePeers.Operators;
using Microsoft.ML.OnnxRuntime;

namespace Kernels.NativePeers.OnnxRuntime;

/// <summary>
/// A session with a model of one node, whose inputs and outputs are bound to native memory: a call copies nothing between the library and
/// this program.
/// </summary>
internal sealed unsafe class OnnxCall : LoadedCall
{
    private readonly OnnxNode node;
    private readonly Func<nint, View> output;
    private readonly RunOptions options = new();
    private readonly InferenceSession session;
    private readonly OrtIoBinding binding;

    /// <param name="node">Disposed of with the call, or when the session cannot be made.</param>
    /// <param name="threads">Within an operator; there is nothing to run beside it.</param>
    /// <param name="output">The first output of the node, by its address.</param>
    /// <exception cref="OnnxRuntimeException">The library does not take the model.</exception>
    public OnnxCall(OnnxNode node, int threads, Func<nint, View> output)
    {
        this.node = node;
        this.output = output;
        try
        {
            using var settings = new SessionOptions
            {
                IntraOpNumThreads = threads,
                InterOpNumThreads = 1,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            };
            session = new InferenceSession(node.Model(), settings);
            binding = session.CreateIoBinding();
            foreach ((string name, OnnxTensor tensor) in node.Inputs)
                binding.BindInput(name, tensor.Value);
            foreach ((string name, OnnxTensor tensor) in node.Outputs)
                binding.BindOutput(name, tensor.Value);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public override void Forget() => node.Outputs[0].Tensor.FillNaN();

    public override void Run() => session.RunWithBinding(options, binding);

    public override View Result(string name) => output((nint)node.Outputs[0].Tensor.Start);

    public override void Dispose()
    {
        binding?.Dispose();
        session?.Dispose();
        options.Dispose();
        foreach (OnnxTensor tensor in node.Inputs.Concat(node.Outputs).Select(each => each.Tensor).Distinct())
            tensor.Dispose();
    }
}
