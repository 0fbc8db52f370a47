using System.Runtime.InteropServices;

namespace Kernels.Measurement.Ceiling;

/// <summary>Native memory in which every page was written: a page that was never written reads as one shared page of zeros.</summary>
internal sealed unsafe class FilledMemory : IDisposable
{
    private const int BytesPerCacheLine = 64;

    public FilledMemory(long length)
    {
        Floats = (float*)NativeMemory.AlignedAlloc(checked((nuint)length * sizeof(float)), BytesPerCacheLine);
        for (long i = 0; i < length; i++)
            Floats[i] = 1;
    }

    public float* Floats { get; private set; }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Floats);
        Floats = null;
    }
}
