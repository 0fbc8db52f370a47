using Kernels.NativePeers.Memory;
using Kernels.NativePeers.Operators;
using Kernels.NativePeers.Protocol;
using Microsoft.ML.OnnxRuntime;

namespace Kernels.NativePeers.OnnxRuntime;

/// <summary>
/// A session with a model of one node, whose inputs and outputs are bound to native memory: a call copies nothing between the library and
/// this program.
/// </summary>
internal sealed unsafe class OnnxCall : LoadedCall
{
    private readonly Func<Attention, OnnxNode> create;
    private readonly OnnxNode node;
    private readonly Func<nint, View> output;
    private readonly RunOptions options = new();
    private readonly InferenceSession session;
    private readonly OrtIoBinding binding;

    /// <param name="create">The operator with its tensors.</param>
    /// <param name="attention">What is asked.</param>
    /// <param name="threads">Within an operator; there is nothing to run beside it.</param>
    /// <param name="output">The first output of the node, by its address.</param>
    /// <exception cref="OnnxRuntimeException">The library does not take the model.</exception>
    public OnnxCall(Func<Attention, OnnxNode> create, Attention attention, int threads, Func<nint, View> output)
    {
        this.create = create;
        node = create(attention);
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

    /// <inheritdoc/>
    /// <remarks>The first two calls of a session take memory for what is between the node's products, and up to twice the time of later ones.</remarks>
    public override bool TryReload(Attention attention)
    {
        OnnxNode fresh = create(attention);
        foreach ((OnnxTensor tensor, OnnxTensor from) in node.Inputs.Zip(fresh.Inputs, (old, other) => (old.Tensor, other.Tensor)))
            tensor.CopyFrom(from);
        Dispose(fresh);
        return true;
    }

    public override void Forget() => node.Outputs[0].Tensor.FillNaN();

    public override void Run() => session.RunWithBinding(options, binding);

    public override View Result(string name) => output((nint)node.Outputs[0].Tensor.Start);

    public override void Dispose()
    {
        binding?.Dispose();
        session?.Dispose();
        options.Dispose();
        Dispose(node);
    }

    private static void Dispose(OnnxNode node)
    {
        foreach (OnnxTensor tensor in node.Inputs.Concat(node.Outputs).Select(each => each.Tensor).Distinct())
            tensor.Dispose();
    }
}
