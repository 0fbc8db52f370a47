using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Rows and weights of a layer from a seed. Weights are N(0, 1/in), as trained matrices nearly are, so that every sublayer returns numbers of the size of
/// its input; gains are near 1, biases and shifts about 0.3, so that one that is left out is seen.
/// </summary>
internal static class LayerInputs
{
    private const double BiasSize = 0.3, GainSpread = 0.2, PeakedFactor = 3, Outlier = 20, Offset = 10;

    // Added to the scores of words: beyond 88 an exponential is infinite in float32, unless the largest score is subtracted before.
    private const double HighScore = 100;

    // One channel in so many is an outlier, and at least one.
    private const int OutlierSpacing = 64;

    /// <summary>Creates them; equal arguments give equal numbers.</summary>
    public static Inputs Create(LayerOperation operation, LayerProblem problem, InputFamily family, int seed)
    {
        IReadOnlyList<Operand> operands = operation.Operands(problem, Format.Float32);
        var inputs = new Inputs(problem, operands);
        Parallel.For(0, operands.Count, place =>
        {
            var random = new SeededNormal(seed, (int)family, place);
            if (operands[place].Name == TokenIds.Name)
                TokenIds.Fill(inputs[TokenIds.Name], problem.Hidden, family, random);
            else if (operands[place].Role != Role.Output)
                Fill(inputs[operands[place].Name], operands[place], family, operation, random);
        });
        if (operation is FeedForwardBackward { Activation: Activation.Relu })
            JumpsOfRelu.Avoid(inputs, problem);
        return inputs;
    }

    private static void Fill(Span<float> numbers, Operand operand, InputFamily family, LayerOperation operation, SeededNormal random)
    {
        Layout layout = operand.Layout;
        string name = operand.Name;
        bool isRow = name is "x" or "c" or "dy" or "kc" or "vc" or "image" or "table" or "positions";
        bool isBias = layout.Tokens == 1 && !isRow, isGain = name.Contains("gain", StringComparison.Ordinal), isVocabulary = operation is Vocabulary;
        int depth = operation.WeightOrder == WeightOrder.OutIn ? layout.Channels : layout.Tokens;
        double size = isBias ? isGain ? GainSpread : BiasSize : isRow ? 1 : 1 / Math.Sqrt(depth);
        double start = isGain ? 1 : isVocabulary && isBias && family == InputFamily.Peaked ? HighScore : 0;
        if (family == InputFamily.Peaked && (name is "wq" or "wk" || (name == "w" && isVocabulary)))
            size *= PeakedFactor;
        int channels = layout.Channels;
        for (int i = 0; i < numbers.Length; i++)
        {
            double number = random.Next() * size + start;
            if (name is "x" or "c" or "dy" or "image")
                number = OfRow(number, i / channels, i % channels, channels, family);
            numbers[i] = (float)number;
        }
    }

    private static double OfRow(double number, int token, int channel, int channels, InputFamily family) => family switch
    {
        InputFamily.Outliers when channel % OutlierSpacing == Math.Min(7, channels - 1) => Outlier * number,
        // The mean of a row is much larger than its deviation, which a norm subtracts.
        InputFamily.Cancelling => number + Offset,
        // Equal rows in runs of three: ties of scores.
        InputFamily.Constant => Math.Sin(token / 3 + 0.37 * channel),
        _ => number,
    };
}
