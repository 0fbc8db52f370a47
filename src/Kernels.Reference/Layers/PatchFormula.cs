using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary><see cref="Patches"/>: a class token, then the products of patches, each with its position.</summary>
internal class PatchFormula(LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers) : LayerFormula(arithmetic, problem, numbers)
{
    /// <summary>Patches in a row of the image.</summary>
    protected int Side { get; } = Patches.Side(problem);

    /// <summary>The class token.</summary>
    protected virtual int ClassToken => 0;

    /// <inheritdoc/>
    public override void Compute(RowBlock rows, Span<double> values)
    {
        int width = Problem.Width;
        for (int i = 0; i < rows.Tokens.Length; i++)
        {
            int token = rows.Tokens[i];
            double[] row = token == ClassToken
                ? LayerNumbers.Widen(Numbers["class"])
                : Project(Patch(rows.HeadIndex, token < ClassToken ? token : token - 1), "w", "b");
            Add(row, LayerNumbers.Widen(Numbers["positions"].Slice(Position(token) * width, width))).CopyTo(values.Slice(i * width, width));
        }
    }

    /// <summary>The position of a token.</summary>
    protected virtual int Position(int token) => token;

    /// <summary>Row and column of a patch among the patches.</summary>
    protected virtual (int Row, int Column) PatchPlace(int patch) => Math.DivRem(patch, Side);

    /// <summary>Channel, row and column of a number of a patch.</summary>
    protected virtual (int Channel, int Row, int Column) Pixel(int place)
    {
        int d = Problem.HeadDim;
        return (place / (d * d), place / d % d, place % d);
    }

    private double[] Patch(int batch, int patch)
    {
        int d = Problem.HeadDim, pixels = Side * d;
        (int top, int left) = PatchPlace(patch);
        ReadOnlySpan<float> image = Numbers["image"];
        double[] numbers = new double[Patches.PatchWidth(Problem)];
        for (int place = 0; place < numbers.Length; place++)
        {
            (int channel, int row, int column) = Pixel(place);
            numbers[place] = image[((batch * Problem.Heads + channel) * pixels + top * d + row) * pixels + left * d + column];
        }
        return numbers;
    }
}
