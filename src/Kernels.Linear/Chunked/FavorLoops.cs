using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>exponents = exponents · factor + less.</summary>
internal readonly unsafe struct FavorExponents(float* exponents, float factor, float less, int count) : IVectorKernel
{
    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector factors = TSimd.Create(factor), terms = TSimd.Create(less);
        for (int i = 0; i < count; i += TSimd.Width)
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(exponents + i), factors, terms), exponents + i);
    }
}

/// <summary>max = the maximum of max and all rows of exponents [keys, count].</summary>
internal readonly unsafe struct FavorMaxima(float* exponents, int keys, float* max, int count) : IVectorKernel
{
    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        for (int i = 0; i < count; i += TSimd.Width)
        {
            // The new exponent comes second so that NaN propagates.
            TVector largest = TSimd.Load(max + i);
            for (int key = 0; key < keys; key++)
                largest = TSimd.Max(largest, TSimd.Load(exponents + key * count + i));
            TSimd.Store(largest, max + i);
        }
    }
}

/// <summary>features = exp(exponents − max).</summary>
internal readonly unsafe struct FavorKeyFeatures(float* exponents, float* max, float* features, int count) : IVectorKernel
{
    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        for (int i = 0; i < count; i += TSimd.Width)
            TSimd.Store(VectorExp.Exp<TSimd, TVector>(TSimd.Subtract(TSimd.Load(exponents + i), TSimd.Load(max + i))), features + i);
    }
}

/// <summary>features = exp(e − the largest e), where e = features · factor + max.</summary>
internal readonly unsafe struct FavorQueryFeatures(float* features, float factor, float* max, int count) : IVectorKernel
{
    public void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector largest = TSimd.Create(float.NegativeInfinity);
        for (int i = 0; i < count; i += TSimd.Width)
        {
            TVector exponent = TSimd.MultiplyAdd(TSimd.Load(features + i), TSimd.Create(factor), TSimd.Load(max + i));
            TSimd.Store(exponent, features + i);
            largest = TSimd.Max(largest, exponent);
        }
        TVector top = TSimd.Create(TSimd.MaxAcross(largest));
        for (int i = 0; i < count; i += TSimd.Width)
            TSimd.Store(VectorExp.Exp<TSimd, TVector>(TSimd.Subtract(TSimd.Load(features + i), top)), features + i);
    }
}
