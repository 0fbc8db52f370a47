using Kernels.Abstractions;
using Kernels.Gpu.Cuda.Host;

namespace Kernels.Gpu.Cuda;

/// <summary>The tensors of one call on the device, by their places in the call. Shared by all kernels of a session.</summary>
internal sealed unsafe class CudaTensors(CudaSession session)
{
    private readonly List<CudaMemory> operands = [];

    /// <summary>The operand at a place of the call, in the format that the call has it in.</summary>
    public CudaMemory this[int place] => operands[place];

    /// <summary>[batch, heads, queries, headDim], in the format of the kernel's inputs.</summary>
    public CudaMemory Q => operands[AttentionOperation.Q];

    /// <summary>[batch, kvHeads, keys, headDim], in the format of the kernel's inputs.</summary>
    public CudaMemory K => operands[AttentionOperation.K];

    /// <summary>[batch, kvHeads, keys, headDim], in the format of the kernel's inputs.</summary>
    public CudaMemory V => operands[AttentionOperation.V];

    /// <summary>Where an attention entry writes its rows, and the log-sum-exps where the operation of the call has them.</summary>
    public CudaTargets Targets { get; private set; }

    /// <summary>
    /// Enqueues copies of the inputs and of what is accumulated, which must stay pinned until <see cref="Download"/> returns. Nothing is copied that is
    /// only written.
    /// </summary>
    public void Upload(in AttentionCall call)
    {
        while (operands.Count < call.Operands)
            operands.Add(session.Memory());
        for (int place = 0; place < call.Operands; place++)
        {
            if (call[place].Operand.Role == Role.Output)
                operands[place].Reserve(call[place].Operand.Bytes);
            else
                operands[place].Upload(call[place].Start, call[place].Operand.Bytes);
        }
        Targets = new(
            operands[AttentionOperation.O].Address, call.Operands > AttentionOperation.Lse ? operands[AttentionOperation.Lse].Address : 0,
            call.O.Operand.Role == Role.Accumulated ? 1 : 0, call.O.Operand.Element == Element.Float32 ? 0 : 1);
    }

    /// <summary>The part of <see cref="Upload"/> that is accumulated.</summary>
    public void UploadAccumulated(in AttentionCall call)
    {
        for (int place = 0; place < call.Operands; place++)
        {
            if (call[place].Operand.Role == Role.Accumulated)
                operands[place].Upload(call[place].Start, call[place].Operand.Bytes);
        }
    }

    /// <summary>Waits for the stream and copies what was written.</summary>
    public void Download(ICudaHost host, in AttentionCall call)
    {
        for (int place = 0; place < call.Operands; place++)
        {
            if (call[place].Operand.Role != Role.Input)
                host.Download(call[place].Start, operands[place].Buffer, call[place].Operand.Bytes);
        }
        host.Synchronize();
    }
}
