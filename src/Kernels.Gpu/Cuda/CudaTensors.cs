using Kernels.Abstractions;

namespace Kernels.Gpu.Cuda;

/// <summary>The tensors of one call on the device. Shared by all kernels of a session.</summary>
internal sealed unsafe class CudaTensors(CudaSession session)
{
    /// <summary>[batch, heads, queries, headDim], float32.</summary>
    public CudaMemory Q { get; } = session.Memory();

    /// <summary>[batch, kvHeads, keys, headDim], float32.</summary>
    public CudaMemory K { get; } = session.Memory();

    /// <summary>[batch, kvHeads, keys, headDim], float32.</summary>
    public CudaMemory V { get; } = session.Memory();

    /// <summary>[batch, heads, queries, headDim], float32.</summary>
    public CudaMemory Output { get; } = session.Memory();

    /// <summary>Puts the inputs into the stream; they must stay where they are until <see cref="Download"/> returned.</summary>
    public void Upload(AttentionProblem problem, float* q, float* k, float* v)
    {
        Q.Upload(q, QueryBytes(problem));
        K.Upload(k, KeyBytes(problem));
        V.Upload(v, KeyBytes(problem));
        Output.Reserve(QueryBytes(problem));
    }

    /// <summary>Waits for the stream and copies the output.</summary>
    public void Download(ICudaHost host, AttentionProblem problem, float* output)
    {
        host.Download(output, Output.Buffer, QueryBytes(problem));
        host.Synchronize();
    }

    /// <summary>Bytes of q, and of the output.</summary>
    public static long QueryBytes(AttentionProblem problem) => sizeof(float) * (long)problem.QueryLength;

    /// <summary>Bytes of k, and of v.</summary>
    public static long KeyBytes(AttentionProblem problem) => sizeof(float) * (long)problem.KeyLength;
}
