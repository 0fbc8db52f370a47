using System.Runtime.CompilerServices;
using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers;

/// <summary>The end of a step of a recurrent cell for some sequences and a panel of columns: gates and states from sums.</summary>
internal unsafe struct CellEnd : IVectorKernel
{
    /// <summary>The cell.</summary>
    public required Cell Cell { get; init; }

    /// <summary>Products with the states, [parts, rows, <see cref="Panel.Columns"/>], and after them that of the context for n.</summary>
    public required float* Sums { get; init; }

    /// <summary>Floats from one part of the sums to the next.</summary>
    public required nint PartSums { get; init; }

    /// <summary>Whether n has a sum of a context.</summary>
    public required bool HasContext { get; init; }

    /// <summary>x·W + b: r, then z, then n, <see cref="Hidden"/> floats apart.</summary>
    public required float* Input { get; init; }

    /// <summary>Floats from one row of it to the next.</summary>
    public required nint InputRow { get; init; }

    /// <summary>Added to it; null without.</summary>
    public float* FixedContext { get; init; }

    /// <summary>Floats from one row of it to the next.</summary>
    public nint FixedRow { get; init; }

    /// <summary>Numbers of a state.</summary>
    public required nint Hidden { get; init; }

    /// <summary>[parts, <see cref="Panel.Columns"/>]; null without.</summary>
    public float* Bias { get; init; }

    /// <summary>The states before.</summary>
    public required float* Before { get; init; }

    /// <summary>The states after, in whole vectors.</summary>
    public required float* After { get; init; }

    /// <summary>Floats from one row of states to the next.</summary>
    public required nint StateRow { get; init; }

    /// <summary>The states after again; null without.</summary>
    public float* Output { get; init; }

    /// <summary>Floats from one row of it to the next.</summary>
    public nint OutputRow { get; init; }

    /// <summary>Sequences.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns.</summary>
    public required int Columns { get; init; }

    /// <inheritdoc/>
    public readonly void Run<TSimd, TVector>()
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        for (int row = 0; row < Rows; row++)
        {
            float* after = After + row * StateRow, output = Output + row * OutputRow;
            for (int c = 0; c < Columns; c += TSimd.Width)
            {
                TVector state = Cell == Cell.Gru
                    ? Gru<TSimd, TVector>(row, c)
                    : StateFunctions.Tanh<TSimd, TVector>(TSimd.Add(Given<TSimd, TVector>(0, row, c), Sum<TSimd, TVector>(0, row, c)));
                TSimd.Store(state, after + c);
                if (Output == null)
                    continue;
                if (c + TSimd.Width <= Columns)
                    TSimd.Store(state, output + c);
                else
                    new ReadOnlySpan<float>(after + c, Columns - c).CopyTo(new Span<float>(output + c, Columns - c));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly TVector Gru<TSimd, TVector>(int row, int c)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector r = StateFunctions.Sigmoid<TSimd, TVector>(TSimd.Add(Given<TSimd, TVector>(0, row, c), Own<TSimd, TVector>(0, row, c)));
        TVector z = StateFunctions.Sigmoid<TSimd, TVector>(TSimd.Add(Given<TSimd, TVector>(1, row, c), Own<TSimd, TVector>(1, row, c)));
        TVector given = Given<TSimd, TVector>(2, row, c);
        if (HasContext)
            given = TSimd.Add(given, Sum<TSimd, TVector>(3, row, c));
        TVector n = StateFunctions.Tanh<TSimd, TVector>(TSimd.MultiplyAdd(r, Own<TSimd, TVector>(2, row, c), given));
        // (1 − z)·n + z·h, so that a gate of exactly 1 keeps the state and one of 0 takes n.
        return TSimd.MultiplyAdd(z, TSimd.Load(Before + row * StateRow + c), TSimd.Multiply(TSimd.Subtract(TSimd.Create(1), z), n));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly TVector Sum<TSimd, TVector>(int part, int row, int c)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        TSimd.Load(Sums + part * PartSums + row * Panel.Columns + c);

    // With the bias of the state.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly TVector Own<TSimd, TVector>(int part, int row, int c)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged =>
        TSimd.Add(Sum<TSimd, TVector>(part, row, c), TSimd.Load(Bias + part * Panel.Columns + c));

    // What does not depend on the state.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly TVector Given<TSimd, TVector>(int part, int row, int c)
        where TSimd : struct, ISimd<TVector>
        where TVector : unmanaged
    {
        TVector input = TSimd.Load(Input + row * InputRow + part * Hidden + c);
        return FixedContext == null ? input : TSimd.Add(input, TSimd.Load(FixedContext + row * FixedRow + part * Hidden + c));
    }
}
