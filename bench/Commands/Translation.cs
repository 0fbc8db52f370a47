using System.Diagnostics;
using Kernels.Models.Decoding;
using Kernels.Models.Translation;

namespace Kernels.Bench.Commands;

/// <summary>What a translator said, how long it took, and whether its tokens one at a time are those of the whole target at once.</summary>
/// <param name="Ids">The tokens, without that of the beginning.</param>
/// <param name="EncodeSeconds">Of the source.</param>
/// <param name="StepSeconds">Of each token.</param>
/// <param name="AtOnceSeconds">Of all positions of the target at once, as in training; 0 when it was stopped before.</param>
/// <param name="Difference">The largest difference of log-probabilities of the two, at any position; null when it was stopped before.</param>
internal sealed record Translation(IReadOnlyList<int> Ids, double EncodeSeconds, IReadOnlyList<double> StepSeconds, double AtOnceSeconds, double? Difference)
{
    /// <summary>The token with which every target begins.</summary>
    public const int Beginning = 0;

    /// <summary>Whether the check was made and passed.</summary>
    public bool IsRight => Difference <= Generation.Allowed;

    /// <summary>The exit code of a command that translated this.</summary>
    public int ExitCode => Difference is null ? Commands.ExitCode.Interrupted : IsRight ? Commands.ExitCode.Ok : Commands.ExitCode.Failed;

    /// <summary>Translates, and checks.</summary>
    /// <param name="translator">With room for source and target.</param>
    /// <param name="source">At least one id.</param>
    /// <param name="tokens">At least 1.</param>
    /// <param name="sampler">Chooses tokens.</param>
    /// <param name="stop">Ends it after the token at hand, without the check.</param>
    public static Translation Run(LayeredTranslator translator, int[] source, int tokens, TokenSampler sampler, CancellationToken stop)
    {
        int vocabulary = translator.Shape.Vocabulary, count = 0;
        int[] target = new int[tokens + 1];
        float[] rows = new float[tokens * vocabulary];
        double[] seconds = new double[tokens];
        double encode = 0, atOnce = 0;
        double? difference = null;
        try
        {
            WarmUp(translator, source, tokens, stop);
            long begin = Stopwatch.GetTimestamp();
            translator.Encode(source, stop);
            encode = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            for (; count < tokens; count++)
            {
                begin = Stopwatch.GetTimestamp();
                ReadOnlySpan<float> probabilities = translator.Decode(target.AsSpan(0, count + 1), all: false, stop);
                target[count + 1] = sampler.Next(probabilities);
                seconds[count] = Stopwatch.GetElapsedTime(begin).TotalSeconds;
                probabilities.CopyTo(rows.AsSpan(count * vocabulary));
            }
            begin = Stopwatch.GetTimestamp();
            ReadOnlySpan<float> all = translator.Decode(target.AsSpan(0, tokens), all: true, stop);
            atOnce = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            difference = Generation.LargestDifference(rows, all);
        }
        catch (OperationCanceledException)
        {
            // What was said until then is the result.
        }
        return new(target[1..(count + 1)], encode, seconds[..count], atOnce, difference);
    }

    // What is compiled meanwhile is not in the times.
    private static void WarmUp(LayeredTranslator translator, int[] source, int tokens, CancellationToken stop)
    {
        long begin = Stopwatch.GetTimestamp();
        int[] target = new int[tokens];
        for (int step = 0; step < 2 || Stopwatch.GetElapsedTime(begin) < Generation.WarmUpTime; step++)
        {
            translator.Encode(source, stop);
            translator.Decode(target.AsSpan(0, 1 + step % tokens), all: false, stop);
        }
    }
}
