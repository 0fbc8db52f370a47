using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Fills the tensors of one head. Every tensor, batch and head has its own random stream; wave and outlier channels depend on the kv head,
/// because queries and keys must have the same.
/// </summary>
internal readonly struct InputGenerator
{
    private const int QueryStream = 1, KeyStream = 2, ValueStream = 3, SharedStream = 4, GradientStream = 6;
    private const float OutlierScore = 20, OutlierValue = 1000, ResonanceLogit = 300;
    private const double LargeValue = 1e30, HugeValue = 1e34, HugeScore = 1e30, ClimbingLogits = 11, FaintLogit = -17;

    private readonly AttentionProblem problem;
    private readonly InputFamily family;
    private readonly int seed, batch, kvHead;

    // Factor of each channel: of the shared wave in Resonance and Climbing, of the outlier channels in Outliers.
    private readonly double[] channels;

    public InputGenerator(AttentionProblem problem, InputFamily family, int seed, int batch, int kvHead)
    {
        (this.problem, this.family, this.seed, this.batch, this.kvHead) = (problem, family, seed, batch, kvHead);
        SeededNormal shared = Stream(SharedStream, kvHead);
        channels = new double[problem.HeadDim];
        if (family is InputFamily.Resonance or InputFamily.Climbing)
            FillWave(ref shared);
        else if (family == InputFamily.Outliers)
            ChooseOutliers(ref shared);
    }

    private double ScaleOrOne => problem.Scale == 0 ? 1 : problem.Scale;

    /// <summary>q [queries, headDim] of the head with this index among all batches.</summary>
    public void FillQueries(Span<float> q, int headIndex)
    {
        SeededNormal random = Stream(QueryStream, headIndex);
        for (int query = 0; query < problem.Queries; query++)
            FillRow(q.Slice(query * problem.HeadDim, problem.HeadDim), ref random, 1);
    }

    /// <summary>k [keys, headDim].</summary>
    public void FillKeys(Span<float> k)
    {
        SeededNormal random = Stream(KeyStream, kvHead);
        int d = problem.HeadDim;
        for (int key = 0; key < problem.Keys; key++)
        {
            Span<float> row = k.Slice(key * d, d);
            FillRow(row, ref random, KeyFactor(key, ref random));
            if (family == InputFamily.Constant && key % 3 != 0)
                k.Slice((key - 1) * d, d).CopyTo(row);
        }
    }

    /// <summary>v [keys, valueDim].</summary>
    public void FillValues(Span<float> v) => FillValues(v, Stream(ValueStream, kvHead));

    /// <summary>Gradients [queries, valueDim] of the output of the head with this index among all batches, distributed as values are.</summary>
    public void FillGradients(Span<float> gradients, int headIndex) => FillValues(gradients, Stream(GradientStream, headIndex));

    private void FillValues(Span<float> v, SeededNormal random)
    {
        double constant = 0;
        for (int i = 0; i < v.Length; i++)
        {
            (int key, int channel) = Math.DivRem(i, problem.ValueDim);
            if (channel == 0)
                constant = random.Next();
            v[i] = (float)(family switch
            {
                InputFamily.Constant => constant,
                InputFamily.Outliers => random.Next() * (channel < channels.Length && channels[channel] > 1 ? OutlierValue : 1),
                InputFamily.LargeValues => LargeValue * random.Next(),
                InputFamily.HugeValues => HugeValue * random.Next(),
                InputFamily.Cancelling => (key % 2 == 0 ? 100 : -100) + random.Next(),
                _ => random.Next(),
            });
        }
    }

    // Of the first channel in HugeValues, HugeScores and Faint, of the wave in Resonance and Climbing.
    private double KeyFactor(int key, ref SeededNormal random) => family switch
    {
        InputFamily.HugeValues => ClimbingLogits * key / problem.Keys / ScaleOrOne,
        // The last, because float32 sums lose such weights after a large one.
        InputFamily.Faint => key == problem.Keys - 1 ? 0 : FaintLogit / ScaleOrOne,
        InputFamily.HugeScores => (key == Math.Min(7, problem.Keys - 1) ? HugeScore : -HugeScore) / ScaleOrOne,
        _ => WaveFactor(key, ref random),
    };

    private double WaveFactor(int key, ref SeededNormal random)
    {
        // One key in eight is in antiphase; amplitudes differ, so that several keys have large weights.
        double sign = family == InputFamily.Climbing ? (2 * key + 1.0) / problem.Keys - 1
            : random.NextIndex(8) == 0 ? -1
            : 1;
        return sign * (1 + 0.02 * random.Next());
    }

    private void FillRow(Span<float> row, ref SeededNormal random, double factor)
    {
        double constant = random.Next();
        for (int c = 0; c < row.Length; c++)
        {
            row[c] = (float)(family switch
            {
                InputFamily.Peaked => 3 * random.Next(),
                InputFamily.Resonance or InputFamily.Climbing => factor * channels[c] + 0.1 * random.Next(),
                InputFamily.Outliers => channels[c] * random.Next(),
                InputFamily.Constant => constant,
                InputFamily.HugeValues or InputFamily.HugeScores or InputFamily.Faint => c == 0 ? factor : 0.1 * random.Next(),
                _ => random.Next(),
            });
        }
    }

    private void FillWave(ref SeededNormal random)
    {
        // |wave|²·scale is the logit of a key in phase.
        double amplitude = Math.Sqrt(2 * ResonanceLogit / Math.Sqrt(problem.HeadDim));
        double phase = 2 * Math.PI * random.NextUniform();
        int periods = 1 + random.NextIndex(4);
        for (int c = 0; c < channels.Length; c++)
            channels[c] = amplitude * Math.Cos(phase + 2 * Math.PI * periods * c / channels.Length);
    }

    private void ChooseOutliers(ref SeededNormal random)
    {
        Array.Fill(channels, 1);
        for (int chosen = 0; chosen <= channels.Length / 64; chosen++)
            channels[random.NextIndex(channels.Length)] = OutlierScore;
    }

    private SeededNormal Stream(int tensor, int head) => new(seed, (int)family, tensor, batch, head);
}
