using System.Runtime.CompilerServices;

namespace Kernels.Abstractions;

/// <summary>A <see cref="Call"/> of an <see cref="AttentionOperation"/>, with its operands by name.</summary>
public readonly unsafe ref struct AttentionCall
{
    private readonly ref readonly Call call;

    internal AttentionCall(in Call call) => this.call = ref call;

    /// <summary>Shapes, mask and scale.</summary>
    public AttentionProblem Problem => Unsafe.As<AttentionProblem>(call.Problem);

    /// <summary>The kernel's plan.</summary>
    public Plan Plan => call.Plan;

    /// <summary>[batch, heads, queries, headDim].</summary>
    public ref readonly Tensor Q => ref call[AttentionOperation.Q];

    /// <summary>[batch, kvHeads, keys, headDim].</summary>
    public ref readonly Tensor K => ref call[AttentionOperation.K];

    /// <summary>[batch, kvHeads, keys, valueDim].</summary>
    public ref readonly Tensor V => ref call[AttentionOperation.V];

    /// <summary>[batch, heads, queries, valueDim].</summary>
    public ref readonly Tensor O => ref call[AttentionOperation.O];

    /// <summary>[batch, heads, queries, 1] float32, of operations that have it.</summary>
    public ref readonly Tensor Lse => ref call[AttentionOperation.Lse];

    /// <summary>The operand at this place.</summary>
    public ref readonly Tensor this[int operand] => ref call[operand];

    /// <summary>Number of operands.</summary>
    public int Operands => call.Tensors.Length;

    /// <summary>Memory of all work items; see <see cref="Call.Shared"/>.</summary>
    public byte* Shared => call.Shared;

    /// <summary>Memory of this thread; see <see cref="Call.Own"/>.</summary>
    public byte* Own => call.Own;

    /// <summary>Memory of this thread as floats, of the planned length.</summary>
    public Span<float> OwnFloats => new(call.Own, (int)(call.Plan.ThreadBytes / sizeof(float)));
}
