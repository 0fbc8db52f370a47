using Kernels.NativePeers.Memory;
using Kernels.NativePeers.Operators;
using Kernels.NativePeers.Protocol;

namespace Kernels.NativePeers.OnnxRuntime;

/// <summary>An operator of ONNX Runtime in a model of its own.</summary>
internal abstract unsafe class OnnxOperator : IOperator
{
    /// <summary>Where operators live that are not of the standard.</summary>
    public const string ContribDomain = "com.microsoft";

    public string? Refusal(Attention attention) =>
        attention.Refusal([Attention.Softmax], Operand.Float32)
        ?? (attention.Problem.IsMaskKnown ? Refusal(attention.Problem) : $"has no {attention.Problem.Mask} mask");

    public LoadedCall Load(Attention attention, int threads) => new OnnxCall(Node, attention, threads, start => Output(attention.Problem, (void*)start));

    /// <summary>Why it cannot compute a problem with a mask that is known; null when it can.</summary>
    protected abstract string? Refusal(Problem problem);

    /// <summary>The operator with its tensors; the first output is that of attention.</summary>
    protected abstract OnnxNode Node(Attention attention);

    /// <summary>The output of attention as the operator lays it out: [batch, token, head·channel] here.</summary>
    protected virtual View Output(Problem p, void* start) =>
        View.TokenMajor(start, sizeof(float), p.Batch, p.Heads, p.Queries, p.ValueDim);

    /// <summary>The contrib operators take a scale of 0 to mean that none is given.</summary>
    protected static string? OwnScale(Problem problem) => problem.Scale == 0 ? "takes a scale of 0 for none given" : null;
}
