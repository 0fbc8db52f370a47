using System.Runtime.CompilerServices;
using Kernels.Abstractions;
using Kernels.Primitives;
using Kernels.Primitives.InstructionSets;

namespace Kernels.Layers.Backward;

/// <summary>
/// What is between the products of a feed-forward network, in place: of u = x·W1 + b1 and g = dy·W2ᵀ become a = f(u) and du = g∘f′(u); with a gate v, a = f(u)∘v,
/// du = g∘v∘f′(u), and v becomes dv = g∘f(u). An item is some numbers, wherever rows end.
/// </summary>
internal sealed unsafe class ActivationBackwardStep<TSet> : LayerStep
    where TSet : struct, IInstructionSet
{
    private const int CountOfItem = 1 << 13;

    /// <summary>[rows, width].</summary>
    public required Rows Hidden { get; init; }

    /// <summary>Likewise.</summary>
    public required Rows Gradient { get; init; }

    /// <summary>Likewise; null without a gate.</summary>
    public Rows? Gate { get; init; }

    /// <summary>Numbers of each.</summary>
    public required int Count { get; init; }

    /// <summary>The activation.</summary>
    public required Activation Activation { get; init; }

    /// <inheritdoc/>
    public override LayerPart Part => LayerPart.FeedForward;

    /// <inheritdoc/>
    public override int Items => (Count - 1) / CountOfItem + 1;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        int begin = item * CountOfItem;
        var derivatives = new Derivatives(
            Hidden.Of(call) + begin, Gradient.Of(call) + begin, Gate is { } gate ? gate.Of(call) + begin : null, Math.Min(CountOfItem, Count - begin), Activation);
        TSet.Run(ref derivatives);
    }

    private readonly struct Derivatives(float* hidden, float* gradient, float* gate, int count, Activation activation) : IVectorKernel
    {
        public void Run<TSimd, TVector>()
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged
        {
            int whole = count / TSimd.Width * TSimd.Width, rest = count - whole;
            for (int c = 0; c < whole; c += TSimd.Width)
                OfVector<TSimd, TVector>(hidden + c, gradient + c, gate == null ? null : gate + c);
            if (rest == 0)
                return;
            float* lanes = stackalloc float[3 * CacheLine.Floats];
            new Span<float>(lanes, 3 * CacheLine.Floats).Clear();
            Copy(hidden + whole, lanes, rest);
            Copy(gradient + whole, lanes + CacheLine.Floats, rest);
            if (gate != null)
                Copy(gate + whole, lanes + 2 * CacheLine.Floats, rest);
            OfVector<TSimd, TVector>(lanes, lanes + CacheLine.Floats, gate == null ? null : lanes + 2 * CacheLine.Floats);
            Copy(lanes, hidden + whole, rest);
            Copy(lanes + CacheLine.Floats, gradient + whole, rest);
            if (gate != null)
                Copy(lanes + 2 * CacheLine.Floats, gate + whole, rest);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void OfVector<TSimd, TVector>(float* u, float* g, float* v)
            where TSimd : struct, ISimd<TVector>
            where TVector : unmanaged
        {
            TVector x = TSimd.Load(u), outer = TSimd.Load(g);
            if (v != null)
            {
                TVector silu = Silu.Of<TSimd, TVector>(x), second = TSimd.Load(v);
                TSimd.Store(TSimd.Multiply(silu, second), u);
                TSimd.Store(TSimd.Multiply(TSimd.Multiply(outer, second), Silu.Derivative<TSimd, TVector>(x)), g);
                TSimd.Store(TSimd.Multiply(outer, silu), v);
            }
            else if (activation == Activation.Relu)
            {
                // Zero first: Max returns its second operand for NaN.
                TSimd.Store(TSimd.Max(default, x), u);
                TSimd.Store(TSimd.Multiply(outer, ReluDerivative.Of<TSimd, TVector>(x)), g);
            }
            else
            {
                TSimd.Store(Gelu.Of<TSimd, TVector>(x), u);
                TSimd.Store(TSimd.Multiply(outer, GeluDerivative.Of<TSimd, TVector>(x)), g);
            }
        }

        private static void Copy(float* source, float* destination, int count) => new ReadOnlySpan<float>(source, count).CopyTo(new Span<float>(destination, count));
    }
}
