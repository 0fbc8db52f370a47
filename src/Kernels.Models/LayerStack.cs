using System.Collections.Immutable;
using Kernels.Abstractions;
using Tensor = Kernels.Abstractions.Tensor;

namespace Kernels.Models;

/// <summary>
/// Layers of one shape on a kernel, each reading the rows that the one before it wrote. All of a problem share one plan and one memory. Weights are not
/// copied, so that several stacks can read the same.
/// </summary>
/// <param name="layer">The kernel.</param>
/// <param name="executor">Runs it; the caller owns it.</param>
/// <param name="weights">Addresses of each layer's weights by the names of operands.</param>
/// <param name="caches">Addresses of each layer's caches; null for a layer without.</param>
/// <param name="capacity">Tokens for which the caches have room, head by head.</param>
internal sealed unsafe class LayerStack(
    Kernel layer, IExecutor executor, IReadOnlyList<IReadOnlyDictionary<string, nint>> weights, IReadOnlyList<IReadOnlyDictionary<string, nint>>? caches = null,
    int capacity = 0)
{
    /// <summary>Plans a problem, once for all layers, and checks their operands.</summary>
    /// <param name="problem">Of each layer.</param>
    /// <param name="memory">Of the rows and the kernel; grows where it must, so that calls prepared in it before may not be run any more.</param>
    /// <exception cref="NotSupportedException">The kernel refuses the problem.</exception>
    public StackCall Prepare(LayerProblem problem, StackMemory memory)
    {
        ImmutableArray<Operand> operands = layer.Info.Operation.Operands(problem, layer.Info.Format);
        Plan plan = layer.Plan(problem);
        if (plan.Refusal is { } reason)
            throw new NotSupportedException($"{layer.Info.Name}: {reason}");
        long bytes = PreparedCall.MemoryBytes(plan, executor);
        memory.Require(operands[0].Bytes, bytes);
        var own = new Tensor[operands.Length];
        var calls = new PreparedCall[weights.Count];
        for (int i = 0; i < calls.Length; i++)
        {
            own[0] = new Tensor(memory.Rows(i), operands[0]);
            own[^1] = new Tensor(memory.Rows(i + 1), operands[^1]);
            for (int place = 1; place < operands.Length - 1; place++)
            {
                Operand operand = operands[place];
                own[place] = operand.Role == Role.Accumulated
                    ? new Tensor((void*)caches![i][operand.Name], WithRoom(operand))
                    : new Tensor((void*)weights[i][operand.Name], operand);
            }
            calls[i] = i == 0 ? new PreparedCall(layer, problem, own, memory.OfKernel, bytes, executor, plan) : calls[0].On(own);
        }
        return new StackCall(calls, memory.Rows(0), memory.Rows(calls.Length));
    }

    // Heads of a cache are as far apart as it has room, so that a new token moves none of those before.
    private Operand WithRoom(Operand operand)
    {
        nint head = (nint)capacity * operand.Layout.Channels;
        return operand with { Layout = operand.Layout with { HeadStride = head, BatchStride = operand.Layout.Heads * head } };
    }
}

/// <summary>A problem prepared on a stack.</summary>
/// <param name="layers">From the first to the last.</param>
/// <param name="x">Rows that the first reads.</param>
/// <param name="result">Rows that the last writes.</param>
internal sealed unsafe class StackCall(PreparedCall[] layers, float* x, float* result)
{
    /// <summary>[tokens, width], to be filled before a run; other rows come into it.</summary>
    public float* X => x;

    /// <summary>[tokens, width] after a run.</summary>
    public float* Result => result;

    /// <summary>Computes all layers.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled; what the rows are then is not defined.</exception>
    public void Run(CancellationToken stop = default)
    {
        foreach (PreparedCall each in layers)
        {
            stop.ThrowIfCancellationRequested();
            each.Run();
        }
    }
}
