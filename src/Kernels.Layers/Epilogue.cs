using System.Runtime.CompilerServices;
using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>
/// The end of a block of a product while it is in cache: y = residual + activation(sum + bias), or with a gate y = silu(sum + bias) · (gate + gate bias).
/// </summary>
internal unsafe struct Epilogue : IVectorKernel
{
    /// <summary>[rows, <see cref="Stride"/>], padded to whole vectors.</summary>
    public required float* Sums { get; init; }

    /// <summary>Likewise, the second product of a gated network; null without.</summary>
    public float* Gates { get; init; }

    /// <summary>Floats from one row of sums to the next.</summary>
    public required nint Stride { get; init; }

    /// <summary>[columns]; null without.</summary>
    public required float* Bias { get; init; }

    /// <summary>[columns], of the gates.</summary>
    public float* GateBias { get; init; }

    /// <summary>[rows, columns], rows <see cref="OutputStride"/> apart; null without.</summary>
    public float* Residual { get; init; }

    /// <summary>[rows, columns].</summary>
    public required float* Output { get; init; }

    /// <summary>Floats from one row of output and residual to the next.</summary>
    public required nint OutputStride { get; init; }

    /// <summary>Rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns.</summary>
    public required int Columns { get; init; }

    /// <summary>The activation; null without.</summary>
    public Activation? Activation { get; init; }

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        int whole = Columns / TSimd.Width * TSimd.Width, rest = Columns - whole;
        float* lanes = stackalloc float[3 * CacheLine.Floats];
        for (int row = 0; row < Rows; row++)
        {
            float* sums = Sums + row * Stride, gates = Gates == null ? null : Gates + row * Stride, output = Output + row * OutputStride;
            float* residual = Residual == null ? null : Residual + row * OutputStride;
            for (int c = 0; c < whole; c += TSimd.Width)
            {
                TVector y = End<TSimd, TVector>(
                    TSimd.Load(sums + c), Bias == null ? default : TSimd.Load(Bias + c),
                    gates == null ? default : TSimd.Load(gates + c), gates == null ? default : TSimd.Load(GateBias + c));
                TSimd.Store(residual == null ? y : TSimd.Add(TSimd.Load(residual + c), y), output + c);
            }
            if (rest == 0)
                continue;
            Copy(Bias, whole, lanes, rest);
            Copy(GateBias, whole, lanes + CacheLine.Floats, rest);
            TSimd.Store(
                End<TSimd, TVector>(TSimd.Load(sums + whole), TSimd.Load(lanes),
                    gates == null ? default : TSimd.Load(gates + whole), TSimd.Load(lanes + CacheLine.Floats)),
                lanes + 2 * CacheLine.Floats);
            for (int c = 0; c < rest; c++)
                output[whole + c] = (residual == null ? 0 : residual[whole + c]) + lanes[2 * CacheLine.Floats + c];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly TVector End<TSimd, TVector>(TVector sum, TVector bias, TVector gate, TVector gateBias)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector x = TSimd.Add(sum, bias);
        return Activation switch
        {
            Abstractions.Activation.Gelu => Gelu.Of<TSimd, TVector>(x),
            // Zero first: Max returns its second operand for NaN.
            Abstractions.Activation.Relu => TSimd.Max(default, x),
            Abstractions.Activation.SwiGlu => TSimd.Multiply(Silu.Of<TSimd, TVector>(x), TSimd.Add(gate, gateBias)),
            _ => x,
        };
    }

    // Zeros where there is nothing to copy.
    private static void Copy(float* source, int begin, float* lanes, int count)
    {
        for (int c = 0; c < count; c++)
            lanes[c] = source == null ? 0 : source[begin + c];
    }
}
