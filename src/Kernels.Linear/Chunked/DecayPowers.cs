using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Linear;

/// <summary>
/// Powers of the decay of a kv head, γ⁰ … γ^Chunk, computed in float64 and stored as two floats, because the rounding error of one float would
/// accumulate over many chunks.
/// </summary>
/// <param name="table"><see cref="Length"/> floats.</param>
internal readonly unsafe struct DecayPowers(float* table)
{
    // One table ascends, the other descends in the order of the keys of a row; each is padded for a last, partial vector.
    private const int Chunk = ChunkLayout.Chunk, WidestVector = 16, TableLength = Chunk + 1 + WidestVector;

    /// <summary>Floats of the tables.</summary>
    public const int Length = 3 * TableLength;

    private float* Rests => table + TableLength;

    private float* Descending => table + 2 * TableLength;

    /// <summary>Computes them.</summary>
    public void Fill(double decay)
    {
        new Span<float>(table, Length).Clear();
        double power = 1;
        for (int n = 0; n <= Chunk; n++, power *= decay)
        {
            table[n] = (float)power;
            Rests[n] = (float)(power - (float)power);
            Descending[Chunk - n] = (float)power;
        }
    }

    /// <summary>γⁿ.</summary>
    public float Of(int n) => table[n];

    /// <summary>The factors of <paramref name="seen"/> keys of a row, γ^(seen−1) … γ⁰, and zeros up to a whole vector.</summary>
    public float* OfRow(int seen) => Descending + Chunk - seen + 1;

    /// <summary>state = γⁿ·state, of whole vectors.</summary>
    public void Decay<TSet>(float* state, nint count, int n)
        where TSet : struct, IInstructionSet
    {
        var decay = new StateDecay(state, count, table[n], Rests[n]);
        TSet.Run(ref decay);
    }

    /// <summary>state = state · power + state · rest.</summary>
    private readonly struct StateDecay(float* state, nint count, float power, float rest) : IVectorKernel
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged
        {
            TVector powers = TSimd.Create(power), rests = TSimd.Create(rest);
            for (nint i = 0; i < count; i += TSimd.Width)
            {
                TVector numbers = TSimd.Load(state + i);
                TSimd.Store(TSimd.MultiplyAdd(numbers, powers, TSimd.Multiply(numbers, rests)), state + i);
            }
        }
    }
}
