namespace Kernels.Tests.Cuda.Ptx;

/// <summary>What the interpreter has to say against a program: what is wrong, and the line.</summary>
internal sealed class PtxException(PtxComplaint complaint, int line, string message) : Exception($"line {line}: {message}")
{
    public PtxComplaint Complaint { get; } = complaint;

    public int Line { get; } = line;
}
