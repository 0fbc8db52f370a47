using System.Runtime.InteropServices;
using Kernels.Abstractions;

namespace Kernels.Bench.Validation;

/// <summary>The memory of a kernel's call: its own copies of the inputs, output and scratch, each between fences.</summary>
internal sealed class FencedCall : IDisposable
{
    private readonly AttentionKernel kernel;
    private readonly AttentionInputs inputs;
    private readonly FencedBuffer q, k, v, output, scratch;

    public FencedCall(AttentionKernel kernel, AttentionInputs inputs, Fence fence)
    {
        this.kernel = kernel;
        this.inputs = inputs;
        AttentionProblem problem = inputs.Problem;
        q = new FencedBuffer(problem.QueryLength, fence);
        k = new FencedBuffer(problem.KeyLength, fence);
        v = new FencedBuffer(problem.KeyLength, fence);
        output = new FencedBuffer(problem.QueryLength, fence);
        scratch = new FencedBuffer(kernel.ScratchLength(problem), fence);
    }

    /// <summary>What the last call wrote.</summary>
    public ReadOnlySpan<float> Output => output.Span;

    /// <summary>
    /// Calls the kernel with <paramref name="around"/> in the fences and <paramref name="inside"/> in output and scratch, and looks at what
    /// it did to memory. Null when there is nothing to object to.
    /// </summary>
    public (FailureKind Kind, string Message)? Call(Poison around, Poison inside)
    {
        Fill(around, inside);
        kernel.Forward(inputs.Problem, q.Span, k.Span, v.Span, output.Span, scratch.Span);
        return Inspect(inside);
    }

    /// <summary>Calls the kernel on other inputs of the same shape: whatever it remembers of them must not show later.</summary>
    public void CallWithKeysAndValuesSwapped()
    {
        Fill(Poison.Numbers, Poison.Numbers);
        kernel.Forward(inputs.Problem, q.Span, v.Span, k.Span, output.Span, scratch.Span);
    }

    public void Dispose()
    {
        foreach (FencedBuffer buffer in (ReadOnlySpan<FencedBuffer>)[q, k, v, output, scratch])
            buffer.Dispose();
    }

    private void Fill(Poison around, Poison inside)
    {
        foreach (FencedBuffer buffer in (ReadOnlySpan<FencedBuffer>)[q, k, v, output, scratch])
            buffer.FillFence((uint)around);
        inputs.Q.Span.CopyTo(q.Span);
        inputs.K.Span.CopyTo(k.Span);
        inputs.V.Span.CopyTo(v.Span);
        Bits(output.Span).Fill((uint)inside);
        Bits(scratch.Span).Fill((uint)inside);
    }

    private (FailureKind Kind, string Message)? Inspect(Poison inside)
    {
        foreach ((string name, FencedBuffer buffer) in (ReadOnlySpan<(string, FencedBuffer)>)
                 [("q", q), ("k", k), ("v", v), ("the output", output), ("the scratch", scratch)])
        {
            if (!buffer.FenceIntact())
                return (FailureKind.WroteOutside, $"wrote outside {name}");
        }
        foreach ((string name, FencedBuffer used, FencedBuffer given) in (ReadOnlySpan<(string, FencedBuffer, FencedBuffer)>)
                 [("q", q, inputs.Q), ("k", k, inputs.K), ("v", v, inputs.V)])
        {
            if (!Bits(used.Span).SequenceEqual(Bits(given.Span)))
                return (FailureKind.InputChanged, $"changed its input {name}");
        }
        int unwritten = Bits(output.Span).IndexOf((uint)inside);
        if (unwritten < 0)
            return null;
        int left = Bits(output.Span).Count((uint)inside), row = unwritten / inputs.Problem.HeadDim;
        return (FailureKind.NotWritten, $"{left:N0} of {output.Span.Length:N0} outputs were not written, the first in row {row:N0}");
    }

    private static Span<uint> Bits(Span<float> floats) => MemoryMarshal.Cast<float, uint>(floats);
}
