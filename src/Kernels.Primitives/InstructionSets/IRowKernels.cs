namespace Kernels.Primitives.InstructionSets;

/// <summary>Arithmetic on contiguous rows of any length (level 1 of a BLAS). The destination may be a source.</summary>
public unsafe interface IRowKernels
{
    /// <summary>destination = source · factor.</summary>
    static abstract void Scale(float* source, float factor, float* destination, int count);

    /// <summary>
    /// destination = source · (1 / divisor) for each of several rows, which are a stride of floats apart. Returns whether all results are
    /// finite.
    /// </summary>
    static abstract bool DivideRows(
        float* source, nint sourceStride, float* divisors, float* destination, nint destinationStride, int rows, int count);

    /// <summary>destination += source · factor.</summary>
    static abstract void AddScaled(float* source, float factor, float* destination, int count);

    /// <summary>
    /// destination = destination · destinationShare + source · share. With a destinationShare of 0 the destination is not read, as in a
    /// BLAS.
    /// </summary>
    static abstract void Mix(float* source, float share, float* destination, float destinationShare, int count);

    /// <summary>sum = a + b.</summary>
    static abstract void Add(float* a, float* b, float* sum, int count);

    /// <summary>difference = a − b.</summary>
    static abstract void Subtract(float* a, float* b, float* difference, int count);

    /// <summary>product = a · b, number by number.</summary>
    static abstract void Multiply(float* a, float* b, float* product, int count);

    /// <summary>destination = source, read as bfloat16; the two do not overlap.</summary>
    static abstract void Widen(ushort* source, float* destination, int count);

    /// <summary>Whether no number is NaN or infinite.</summary>
    static abstract bool AllFinite(float* values, int count);

    /// <summary>2ˣ of one number, bit-identical to <see cref="VectorExp"/>.</summary>
    static abstract float Exp2(float x);
}
