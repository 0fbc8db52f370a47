using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Kernels.Abstractions;
using Kernels.Tests.Measurement;

namespace Kernels.Tests.Validation;

/// <summary>
/// Softmax attention with a mistake that ends or hangs the process, or that has a cause for the gate to find; in the catalog of a process that
/// is given this assembly.
/// </summary>
public abstract class PlantedKernel(string name) : HeadKernel
{
    public override KernelInfo Info { get; } = new($"planted-{name}", "wrong on purpose", Operations.Softmax);

    protected sealed override void ComputeHead(
        AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output, Span<float> scratch)
    {
        KernelFrom.Right(problem, q, k, v, output);
        if (IsWrong(problem))
            Spoil(problem, q, k, v, output);
    }

    protected abstract bool IsWrong(AttentionProblem problem);

    protected abstract void Spoil(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output);
}

/// <summary>Never returns for nine keys.</summary>
public sealed class HangingKernel() : PlantedKernel("hangs")
{
    protected override bool IsWrong(AttentionProblem problem) => problem.Keys == 9;

    protected override void Spoil(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output) =>
        SpinWait.SpinUntil(() => false);
}

/// <summary>Ends the process for nine keys or more.</summary>
public sealed class CrashingKernel() : PlantedKernel("crashes")
{
    protected override bool IsWrong(AttentionProblem problem) => problem.Keys >= 9;

    protected override void Spoil(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output) =>
        Environment.FailFast("on purpose");
}

/// <summary>Uses up the stack for nine keys.</summary>
public sealed class OverflowingKernel() : PlantedKernel("overflows")
{
    protected override bool IsWrong(AttentionProblem problem) => problem.Keys == 9;

    protected override void Spoil(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output) =>
        output[0] = Deeper(1);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float Deeper(float depth) => 1 + Deeper(depth + 1) / 2;
}

/// <summary>Reads the number after the last key and discards it.</summary>
public sealed class OverreadingKernel() : PlantedKernel("overreads")
{
    protected override bool IsWrong(AttentionProblem problem) => true;

    protected override void Spoil(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output) =>
        Discard(Unsafe.Add(ref MemoryMarshal.GetReference(k), k.Length));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Discard(float number)
    {
    }
}

/// <summary>Leaves out the last channels where they are no multiple of eight, and every sixth row.</summary>
public sealed class TailKernel() : PlantedKernel("tail")
{
    protected override bool IsWrong(AttentionProblem problem) => problem.HeadDim % 8 != 0;

    protected override void Spoil(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output)
    {
        int d = problem.HeadDim;
        for (int query = 0; query < problem.Queries; query += 6)
            output.Slice(query * d + d / 8 * 8, d % 8).Fill(100);
    }
}

/// <summary>The mean of the visible values instead of attention, where there are more than five keys.</summary>
public sealed class MeanKernel() : PlantedKernel("mean")
{
    protected override bool IsWrong(AttentionProblem problem) => problem.Keys > 5;

    protected override void Spoil(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output)
    {
        int d = problem.HeadDim;
        output.Clear();
        for (int query = 0; query < problem.Queries; query++)
        {
            KeyRange visible = problem.VisibleKeys(query);
            for (int key = visible.Begin; key < visible.End; key++)
                for (int c = 0; c < d; c++)
                    output[query * d + c] += v[key * d + c] / visible.Length;
        }
    }
}

/// <summary>Allocates at every call.</summary>
public sealed class AllocatingKernel() : PlantedKernel("allocates")
{
    protected override bool IsWrong(AttentionProblem problem) => true;

    protected override void Spoil(AttentionProblem problem, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, Span<float> output) =>
        GC.KeepAlive(new byte[1000]);
}
