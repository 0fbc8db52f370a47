using System.Numerics.Tensors;

namespace Kernels.Training.Graphs;

/// <summary>
/// One state of a gated recurrent unit from the one before, as <see cref="Abstractions.RecurrentLayer"/> defines it: r = σ(xr + hr), z = σ(xz + hz),
/// n = tanh(xn + r∘hn), output = n + z∘(h − n). The way back through all states is backpropagation through time (Werbos 1990).
/// </summary>
/// <param name="output">[batch, hidden]: the state.</param>
/// <param name="x">[batch, 3·hidden]: x·W + bw, columns of r, z and n.</param>
/// <param name="u">[batch, 3·hidden]: h·U + bu.</param>
/// <param name="h">[batch, hidden]: the state before.</param>
/// <param name="gates">[batch, 3·hidden]: r, z and n, kept for the way back.</param>
/// <param name="scratch">[2, hidden].</param>
internal sealed class GruStep(Value output, Value x, Value u, Value h, Value gates, Value scratch) : Node(output, x, u, h)
{
    private readonly int hidden = h.Columns;

    public override void Forward()
    {
        for (int row = 0; row < h.Rows; row++)
        {
            ReadOnlySpan<float> fromX = x.Row(row), fromH = u.Row(row), before = h.Row(row);
            Span<float> rz = gates.Row(row)[..(2 * hidden)], n = gates.Row(row)[(2 * hidden)..], state = Output.Row(row);
            TensorPrimitives.Add(fromX[..(2 * hidden)], fromH[..(2 * hidden)], rz);
            TensorPrimitives.Sigmoid(rz, rz);
            TensorPrimitives.MultiplyAdd(rz[..hidden], fromH[(2 * hidden)..], fromX[(2 * hidden)..], n);
            TensorPrimitives.Tanh(n, n);
            TensorPrimitives.Subtract(before, n, state);
            TensorPrimitives.MultiplyAdd(rz[hidden..], state, n, state);
        }
    }

    public override void Backward()
    {
        Span<float> slope = scratch.Row(0), change = scratch.Row(1);
        for (int row = 0; row < h.Rows; row++)
        {
            ReadOnlySpan<float> dy = Output.GradientRow(row), before = h.Row(row), hn = u.Row(row)[(2 * hidden)..];
            ReadOnlySpan<float> r = gates.Row(row)[..hidden], z = gates.Row(row)[hidden..(2 * hidden)], n = gates.Row(row)[(2 * hidden)..];
            Span<float> dx = x.GradientRow(row), du = u.GradientRow(row), dh = h.GradientRow(row);
            TensorPrimitives.MultiplyAdd(dy, z, dh, dh);
            // z: dy·(h − n)·z·(1 − z).
            TensorPrimitives.Subtract(before, n, change);
            TensorPrimitives.Multiply(change, dy, change);
            Slope(z, slope);
            TensorPrimitives.Multiply(change, slope, change);
            AddTo(change, dx[hidden..(2 * hidden)], du[hidden..(2 * hidden)]);
            // n: dy·(1 − z)·(1 − n²).
            TensorPrimitives.Subtract(1f, z, change);
            TensorPrimitives.Multiply(change, dy, change);
            TensorPrimitives.Multiply(n, n, slope);
            TensorPrimitives.Subtract(1f, slope, slope);
            TensorPrimitives.Multiply(change, slope, change);
            TensorPrimitives.Add(dx[(2 * hidden)..], change, dx[(2 * hidden)..]);
            TensorPrimitives.MultiplyAdd(change, r, du[(2 * hidden)..], du[(2 * hidden)..]);
            // r: what n's argument says, times hn·r·(1 − r).
            TensorPrimitives.Multiply(change, hn, change);
            Slope(r, slope);
            TensorPrimitives.Multiply(change, slope, change);
            AddTo(change, dx[..hidden], du[..hidden]);
        }
    }

    // The derivative of σ where it is s: s·(1 − s).
    private static void Slope(ReadOnlySpan<float> s, Span<float> slope)
    {
        TensorPrimitives.Subtract(1f, s, slope);
        TensorPrimitives.Multiply(slope, s, slope);
    }

    private static void AddTo(ReadOnlySpan<float> change, Span<float> first, Span<float> second)
    {
        TensorPrimitives.Add(first, change, first);
        TensorPrimitives.Add(second, change, second);
    }
}
