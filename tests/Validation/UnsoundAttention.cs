using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Tests.Measurement;

namespace Kernels.Tests.Validation;

/// <summary>Softmax attention under another name, whose reference fails on some problems.</summary>
public sealed record UnsoundAttention : AttentionOperation
{
    public const int KeysThatContradict = 5, KeysThatThrow = 6;

    public override string Name => "unsound";

    public override string Formula => Operations.Softmax.Formula;

    public override double StateLength(AttentionProblem problem) => Operations.Softmax.StateLength(problem);

    protected override double Flops(AttentionProblem problem) => Operations.Softmax.Flops(problem);
}

/// <summary>Contradicts itself on problems of one number of keys, and throws on those of another.</summary>
public sealed class UnsoundReference(UnsoundAttention operation) : SoftmaxReference(operation)
{
    public override string? Contradiction(Inputs inputs, RowBlock rows, ReadOnlySpan<double> gold) =>
        ((AttentionProblem)inputs.Problem).Keys switch
        {
            UnsoundAttention.KeysThatContradict => $"Two and two are five on {inputs.Problem}.",
            UnsoundAttention.KeysThatThrow => throw new IndexOutOfRangeException("on purpose"),
            _ => null,
        };
}

/// <summary>A right kernel of that operation.</summary>
public sealed class UnsoundKernel : HeadKernel
{
    public override KernelInfo Info { get; } = new("unsound-right", "right, but its reference is not", new UnsoundAttention());

    protected override void ComputeHead(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output, Span<float> scratch) =>
        KernelFrom.Right(problem, q, k, v, output);
}
