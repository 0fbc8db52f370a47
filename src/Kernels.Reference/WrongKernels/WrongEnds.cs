using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>Ends of transformers, embeddings, patches and vocabularies, and products by themselves, with one mistake each.</summary>
internal static class WrongEnds
{
    private enum Mistake
    {
        PositionOneOff, PositionsFromZero, SinesSwapped, HalvesNotPairs, FirstRowForAll,
        NextRow, NoMaximum, OverRows, BiasForgotten, PatchesByColumns, PixelsByColumns,
        ChannelsReversed, ChannelsLast, ClassLast, LastColumnForgotten, OtherRow, MatrixTurned,
    }

    private static readonly (Mistake Mistake, string Name, string What, Func<LayerOperation, bool> Of)[] all =
    [
        (Mistake.PositionOneOff, "position-one-off", "adds the position before", operation =>
            operation is Embedding { Positions: not Positions.None } or Patches),
        (Mistake.PositionsFromZero, "positions-from-zero", "counts positions of last tokens from zero", operation =>
            operation is Embedding { Positions: not Positions.None }),
        (Mistake.SinesSwapped, "cosine-first", "has cosines at even channels and sines at odd ones", operation =>
            operation is Embedding { Positions: Positions.Sinusoidal }),
        (Mistake.HalvesNotPairs, "sines-then-cosines", "has all sines before all cosines", operation =>
            operation is Embedding { Positions: Positions.Sinusoidal }),
        (Mistake.FirstRowForAll, "first-row", "gives all tokens of a sequence the row of the first", operation => operation is Embedding),
        (Mistake.NextRow, "next-row", "reads the row behind the token's", operation => operation is Embedding { Positions: Positions.None }),
        (Mistake.NoMaximum, "no-maximum", "takes exponentials of the scores as they are", operation => operation is Vocabulary),
        (Mistake.OverRows, "over-rows", "takes the softmax over the rows of a sequence", operation => operation is Vocabulary),
        (Mistake.MatrixTurned, "matrix-turned", "reads the [vocabulary, width] matrix as [width, vocabulary]", operation => operation is Vocabulary),
        (Mistake.BiasForgotten, "no-bias", "forgets the bias", operation => operation is Vocabulary or Patches or Projection),
        (Mistake.LastColumnForgotten, "last-input", "leaves the last number of a row out of its sums", operation => operation is Projection),
        (Mistake.OtherRow, "row-of-the-first", "gives all rows of a sequence the product of the first", operation => operation is Projection),
        (Mistake.PatchesByColumns, "patches-by-columns", "counts patches down the columns of the image", operation => operation is Patches),
        (Mistake.PixelsByColumns, "pixels-by-columns", "reads the pixels of a patch down its columns", operation => operation is Patches),
        (Mistake.ChannelsReversed, "channels-reversed", "reads blue, green, red", operation => operation is Patches),
        (Mistake.ChannelsLast, "channels-last", "has the channels of a pixel side by side", operation => operation is Patches),
        (Mistake.ClassLast, "class-last", "puts the class token behind the patches", operation => operation is Patches),
    ];

    /// <summary>Those of an operation.</summary>
    public static IReadOnlyList<WrongKernel> Create(LayerOperation operation) =>
    [
        .. all.Where(each => each.Of(operation)).Select(each => new WrongKernel(
            new FormulaKernel(each.Name, each.What, operation, (own, arithmetic, problem, numbers) => own switch
            {
                Embedding embedding => new MistakenEmbedding(each.Mistake, embedding, arithmetic, problem, numbers),
                Projection => new MistakenProjection(each.Mistake, arithmetic, problem, numbers),
                Vocabulary => new MistakenVocabulary(each.Mistake, arithmetic, problem, numbers),
                _ => new MistakenPatches(each.Mistake, arithmetic, problem, numbers),
            }),
            each.Mistake == Mistake.NoMaximum ? [FailureKind.NaN] : [FailureKind.Inaccurate, FailureKind.InaccurateOnAverage])),
    ];

    private sealed class MistakenEmbedding(Mistake mistake, Embedding embedding, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
        : EmbeddingFormula(embedding, arithmetic, problem, numbers)
    {
        protected override int RowOf(int batch, int token)
        {
            int row = base.RowOf(batch, mistake == Mistake.FirstRowForAll ? 0 : token);
            return mistake == Mistake.NextRow && row >= 0 ? (row + 1) % Problem.Hidden : row;
        }

        protected override int Position(int token) => mistake switch
        {
            Mistake.PositionOneOff => Math.Max(0, base.Position(token) - 1),
            Mistake.PositionsFromZero => token,
            _ => base.Position(token),
        };

        protected override double PositionNumber(int position, int channel) => mistake switch
        {
            Mistake.SinesSwapped => base.PositionNumber(position, channel ^ 1),
            Mistake.HalvesNotPairs =>
                base.PositionNumber(position, channel < (Problem.Width + 1) / 2 ? 2 * channel : 2 * (channel - (Problem.Width + 1) / 2) + 1),
            _ => base.PositionNumber(position, channel),
        };
    }

    private sealed class MistakenVocabulary(Mistake mistake, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
        : VocabularyFormula(arithmetic, problem, numbers)
    {
        private double[][]? columns;

        protected override WeightOrder Order => mistake == Mistake.MatrixTurned ? WeightOrder.InOut : base.Order;

        protected override double[] Project(ReadOnlySpan<double> x, string w, string b)
        {
            double[] y = base.Project(x, w, b);
            for (int c = 0; mistake == Mistake.BiasForgotten && c < y.Length; c++)
                y[c] -= Numbers[b][c];
            return y;
        }

        protected override double Largest(double[] scores) => mistake == Mistake.NoMaximum ? 0 : base.Largest(scores);

        protected override double[] Weights(int batch, int token)
        {
            if (mistake != Mistake.OverRows)
                return base.Weights(batch, token);
            if (columns is null || token == 0)
            {
                double[][] scores = [.. Enumerable.Range(0, Problem.Queries).Select(row => Scores(batch, row))];
                columns = [.. Enumerable.Range(0, Problem.Hidden).Select(c => Softmax([.. scores.Select(row => row[c])]))];
            }
            return [.. columns.Select(column => column[token])];
        }
    }

    private sealed class MistakenProjection(Mistake mistake, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
        : ProjectionFormula(arithmetic, problem, numbers)
    {
        private double[]? first;

        protected override double[] Project(ReadOnlySpan<double> x, string w, string b)
        {
            if (mistake == Mistake.OtherRow)
                return first ??= base.Project(x, w, b);
            double[] shortened = x.ToArray();
            if (mistake == Mistake.LastColumnForgotten)
                shortened[^1] = 0;
            double[] y = base.Project(shortened, w, b);
            for (int c = 0; mistake == Mistake.BiasForgotten && c < y.Length; c++)
                y[c] -= Numbers[b][c];
            return y;
        }
    }

    private sealed class MistakenPatches(Mistake mistake, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
        : PatchFormula(arithmetic, problem, numbers)
    {
        protected override int ClassToken => mistake == Mistake.ClassLast ? Problem.Queries - 1 : base.ClassToken;

        protected override double[] Project(ReadOnlySpan<double> x, string w, string b)
        {
            double[] y = base.Project(x, w, b);
            for (int c = 0; mistake == Mistake.BiasForgotten && c < y.Length; c++)
                y[c] -= Numbers[b][c];
            return y;
        }

        protected override int Position(int token) => mistake == Mistake.PositionOneOff ? Math.Max(0, token - 1) : base.Position(token);

        protected override (int Row, int Column) PatchPlace(int patch) =>
            mistake == Mistake.PatchesByColumns ? (patch % Side, patch / Side) : base.PatchPlace(patch);

        protected override (int Channel, int Row, int Column) Pixel(int place)
        {
            (int channel, int row, int column) = base.Pixel(place);
            int heads = Problem.Heads, d = Problem.HeadDim;
            return mistake switch
            {
                Mistake.PixelsByColumns => (channel, column, row),
                Mistake.ChannelsReversed => (heads - 1 - channel, row, column),
                Mistake.ChannelsLast => (place % heads, place / heads / d, place / heads % d),
                _ => (channel, row, column),
            };
        }
    }
}
