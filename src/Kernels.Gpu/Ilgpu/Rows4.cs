using ILGPU;

namespace Kernels.Gpu.Ilgpu;

/// <summary>
/// One value for each of the four queries of a thread, in registers. In shared memory the four are adjacent, so that a warp reads them
/// together.
/// </summary>
internal readonly struct Rows4(float a, float b, float c, float d)
{
    public readonly float A = a, B = b, C = c, D = d;

    /// <summary>Reads four values.</summary>
    public static Rows4 Load(ArrayView<float> view, int index) => new(view[index], view[index + 1], view[index + 2], view[index + 3]);

    /// <summary>Writes four values.</summary>
    public void Store(ArrayView<float> view, int index)
    {
        view[index] = A;
        view[index + 1] = B;
        view[index + 2] = C;
        view[index + 3] = D;
    }

    /// <summary>The value of one row.</summary>
    public float this[int row] => row == 0 ? A : row == 1 ? B : row == 2 ? C : D;

    public static Rows4 operator +(Rows4 x, Rows4 y) => new(x.A + y.A, x.B + y.B, x.C + y.C, x.D + y.D);

    public static Rows4 operator *(Rows4 x, Rows4 y) => new(x.A * y.A, x.B * y.B, x.C * y.C, x.D * y.D);

    public static Rows4 operator *(Rows4 x, float factor) => new(x.A * factor, x.B * factor, x.C * factor, x.D * factor);
}
