using System.Runtime.Intrinsics;
using Kernels.Primitives;
using Kernels.Primitives.Softmax;
using Xunit;

namespace Kernels.Tests.Simd;

public sealed class Width128Tests : WidthTests<Simd128, Vector128<float>>;

public sealed class Width256Tests : WidthTests<Simd256, Vector256<float>>;

public sealed class Width512Tests : WidthTests<Simd512, Vector512<float>>;

/// <summary>The operations of one vector width, and what is built on them, lane by lane against scalar float64.</summary>
public abstract unsafe class WidthTests<TSimd, TVector>
    where TSimd : struct, ISimd<TVector>
    where TVector : unmanaged
{
    private readonly Random random = new(1);

    protected WidthTests() => Assert.SkipUnless(TSimd.IsSupported, $"this machine or run has no vectors of {TSimd.Width * 32} bits");

    [Fact]
    public void Arithmetic_is_lane_by_lane()
    {
        float[] a = Numbers(TSimd.Width), b = Numbers(TSimd.Width), c = Numbers(TSimd.Width);
        TVector x = Load(a), y = Load(b), z = Load(c);
        AssertLanes(TSimd.Add(x, y), i => a[i] + b[i]);
        AssertLanes(TSimd.Subtract(x, y), i => a[i] - b[i]);
        AssertLanes(TSimd.Multiply(x, y), i => a[i] * b[i]);
        AssertLanes(TSimd.Max(x, y), i => MathF.Max(a[i], b[i]));
        AssertLanes(TSimd.Create(3), _ => 3);
        float[] sums = Store(TSimd.MultiplyAdd(x, y, z));
        for (int i = 0; i < sums.Length; i++)
            Assert.Equal((double)a[i] * b[i] + c[i], sums[i], 1e-6);
    }

    [Fact]
    public void Sums_and_maxima_take_every_lane()
    {
        for (int lane = 0; lane < TSimd.Width; lane++)
        {
            float[] values = new float[TSimd.Width];
            values[lane] = 5;
            Assert.Equal(5, TSimd.SumAcross(Load(values)));
            Assert.Equal(5, TSimd.MaxAcross(Load(values)));
        }
    }

    [Fact]
    public void Four_sums_are_stored_in_order()
    {
        float[][] values = [Numbers(TSimd.Width), Numbers(TSimd.Width), Numbers(TSimd.Width), Numbers(TSimd.Width)];
        float[] sums = [float.NaN, float.NaN, float.NaN, float.NaN, 7];
        fixed (float* place = sums)
            TSimd.StoreSums(Load(values[0]), Load(values[1]), Load(values[2]), Load(values[3]), place);
        for (int i = 0; i < values.Length; i++)
            Assert.Equal(values[i].Sum(value => (double)value), sums[i], 1e-5);
        Assert.Equal(7, sums[4]);
    }

    [Fact]
    public void Rounding_is_to_nearest_with_ties_to_even()
    {
        float[] values = [.. Enumerable.Range(0, TSimd.Width).Select(i => i - 7.5f)];
        AssertLanes(TSimd.Round(Load(values)), i => MathF.Round(values[i], MidpointRounding.ToEven));
    }

    [Fact]
    public void A_second_operand_that_is_NaN_stays() => AssertLanes(TSimd.Max(TSimd.Create(1), TSimd.Create(float.NaN)), _ => float.NaN);

    [Fact]
    public void Scaling_by_a_power_of_two_is_exact()
    {
        for (int n = -125; n <= 127; n++)
            AssertLanes(TSimd.ScaleByPowerOfTwo(TSimd.Create(1.25f), TSimd.Create(n)), _ => MathF.ScaleB(1.25f, n));
        AssertLanes(TSimd.ScaleByPowerOfTwo(TSimd.Create(1), TSimd.Create(TSimd.SmallestExponent)), _ => 0);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    [InlineData(6, 1)]
    [InlineData(7, 64)]
    [InlineData(13, 300)]
    public void A_matrix_product_has_any_shape_and_orientation(int rows, int depth)
    {
        foreach (int columns in new[] { TSimd.Width, 2 * TSimd.Width, 3 * TSimd.Width })
        {
            float[] left = Numbers(rows * depth), right = Numbers(depth * columns), start = Numbers(rows * columns);
            AssertProduct(rows, depth, columns, left, right, start, transposed: false, add: false);
            AssertProduct(rows, depth, columns, left, right, start, transposed: true, add: true);
        }
    }

    [Fact]
    public void Softmax_down_the_columns_hides_minus_infinity_and_keeps_NaN()
    {
        const int keys = 300;
        const float factor = 0.25f;
        int stride = 3 * TSimd.Width, queries = 2 * TSimd.Width;
        float[] scores = Numbers(keys * stride), sums = new float[queries];
        for (int i = 0; i < scores.Length; i++)
            scores[i] *= 100;
        scores[17 * stride] = float.NegativeInfinity;
        scores[299 * stride + 1] = float.NaN;
        float[] weights = [.. scores];
        fixed (float* place = weights, sum = sums)
            ColumnSoftmax<TSimd, TVector>.Apply(keys, queries, place, stride, factor, sum);
        Assert.Equal(0, weights[17 * stride]);
        Assert.True(float.IsNaN(sums[1]));
        for (int query = 2; query < queries; query++)
        {
            double max = Enumerable.Range(0, keys).Max(key => scores[key * stride + query]);
            double expected = Enumerable.Range(0, keys).Sum(key => Math.Pow(2, (scores[key * stride + query] - max) * factor));
            Assert.InRange(sums[query], expected * (1 - 1e-6), expected * (1 + 1e-6));
        }
        Assert.Equal(scores[queries], weights[queries]);
    }

    [Fact]
    public void Softmax_along_a_row_has_any_length()
    {
        for (int length = 1; length <= 2 * TSimd.Width + 1; length++)
        {
            float[] scores = [.. Numbers(length).Select(x => 100 * x)], weights = [.. scores];
            RowSoftmax<TSimd, TVector>.Apply(weights);
            double sum = scores.Sum(x => Math.Pow(2, x - scores.Max()));
            for (int i = 0; i < length; i++)
                Assert.Equal(Math.Pow(2, scores[i] - scores.Max()) / sum, weights[i], 1e-6);
        }
    }

    private void AssertProduct(int rows, int depth, int columns, float[] left, float[] right, float[] start, bool transposed, bool add)
    {
        float[] product = [.. start];
        fixed (float* a = left, b = right, c = product)
        {
            MatrixView view = transposed ? new MatrixView(a, rows).Transposed : new MatrixView(a, depth);
            MatrixProduct<TSimd, TVector>.Multiply(rows, depth, columns, view, new MatrixView(b, columns), new MatrixView(c, columns), add);
        }
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                double expected = add ? start[row * columns + column] : 0;
                for (int i = 0; i < depth; i++)
                    expected += (double)left[transposed ? i * rows + row : row * depth + i] * right[i * columns + column];
                Assert.Equal(expected, product[row * columns + column], 1e-4);
            }
        }
    }

    private float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];

    private static TVector Load(float[] values)
    {
        fixed (float* place = values)
            return TSimd.Load(place);
    }

    private static float[] Store(TVector vector)
    {
        float[] values = new float[TSimd.Width];
        fixed (float* place = values)
            TSimd.Store(vector, place);
        return values;
    }

    private static void AssertLanes(TVector actual, Func<int, float> expected) =>
        Assert.Equal(Enumerable.Range(0, TSimd.Width).Select(expected), Store(actual));
}
