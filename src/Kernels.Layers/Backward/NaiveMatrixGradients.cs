namespace Kernels.Layers.Backward;

/// <summary>The gradients of y = x·W + b as a textbook writes them.</summary>
/// <param name="rows">Rows of x and y.</param>
/// <param name="depth">Columns of x, rows of W.</param>
/// <param name="width">Columns of W.</param>
internal readonly unsafe struct NaiveMatrixGradients(int rows, int depth, int width)
{
    /// <summary>A number of dx = dy·Wᵀ.</summary>
    public float Input(float* dy, float* w, int row, int column)
    {
        float sum = 0;
        for (nint c = 0; c < width; c++)
            sum += dy[(nint)row * width + c] * w[(nint)column * width + c];
        return sum;
    }

    /// <summary>A row of dW = xᵀ·dy.</summary>
    public void Weight(float* x, float* dy, int i, float* dw)
    {
        for (nint c = 0; c < width; c++)
        {
            float sum = 0;
            for (nint row = 0; row < rows; row++)
                sum += x[row * depth + i] * dy[row * width + c];
            dw[(nint)i * width + c] = sum;
        }
    }

    /// <summary>db = Σ dy.</summary>
    public void Bias(float* dy, float* db)
    {
        for (nint c = 0; c < width; c++)
        {
            float sum = 0;
            for (nint row = 0; row < rows; row++)
                sum += dy[row * width + c];
            db[c] = sum;
        }
    }
}
