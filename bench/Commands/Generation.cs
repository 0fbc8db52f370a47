using System.Diagnostics;
using Kernels.Abstractions;
using Kernels.Models.Decoding;

namespace Kernels.Bench.Commands;

/// <summary>What a decoder generated, how long it took, and whether its caches gave what the whole sequence gives.</summary>
/// <param name="Ids">The tokens, without the prompt.</param>
/// <param name="PrefillSeconds">Of the prompt, computed at once.</param>
/// <param name="StepSeconds">Of each token after it, its choice included.</param>
/// <param name="PreparingSeconds">The part of each before the layers were run: its plan and the checks of operands.</param>
/// <param name="AllocatedBytes">Managed memory that the steps allocated on the calling thread.</param>
/// <param name="Difference">The largest difference of the last log-probabilities from those of the whole sequence at once; NaN when one of them is
/// none.</param>
internal sealed record Generation(
    IReadOnlyList<int> Ids, double PrefillSeconds, IReadOnlyList<double> StepSeconds,
    IReadOnlyList<double> PreparingSeconds, long AllocatedBytes, double? Difference)
{
    /// <summary>
    /// How far log-probabilities may be apart. float32 rounds sums of both in another order, which moves logits of about 10 by some 10⁻⁵; a cache that is one
    /// token late moves them by more than 0.1.
    /// </summary>
    public const double Allowed = 1e-3;

    // Of probability: below, float32 has few digits or none.
    private const double Smallest = 1e-30;

    private const int WarmUpSteps = 3;

    /// <summary>How long a decoder runs before it is timed: the runtime compiles again what was called often, 100 ms after the last new method.</summary>
    public static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(0.5);

    /// <summary>Whether the check was made and passed.</summary>
    public bool IsRight => Difference <= Allowed;

    /// <summary>The exit code of a command that generated this.</summary>
    public int ExitCode => Difference is null ? Commands.ExitCode.Interrupted : IsRight ? Commands.ExitCode.Ok : Commands.ExitCode.Failed;

    /// <summary>Generates tokens behind a prompt and checks the last.</summary>
    /// <param name="decoder">With room for all tokens.</param>
    /// <param name="whole">The layer without caches, for the check.</param>
    /// <param name="prompt">At least one id.</param>
    /// <param name="tokens">At least 1.</param>
    /// <param name="sampler">Chooses them.</param>
    /// <param name="warmUp">How long it runs before the times, see <see cref="WarmUpTime"/>; a few tokens at least.</param>
    /// <param name="stop">Ends it after the token at hand, without the check.</param>
    public static Generation Run(
        LayeredDecoder decoder, Kernel whole, IReadOnlyList<int> prompt, int tokens, TokenSampler sampler, TimeSpan warmUp, CancellationToken stop)
    {
        int[] ids = [.. prompt, .. new int[tokens]];
        double[] seconds = new double[tokens], preparing = new double[tokens];
        float[] last = new float[decoder.Shape.Vocabulary];
        int count = 0;
        double prefill = 0;
        long allocated = 0;
        double? difference = null;
        try
        {
            WarmUp(decoder, ids.AsSpan(0, prompt.Count), warmUp, stop);
            long begin = Stopwatch.GetTimestamp();
            ReadOnlySpan<float> probabilities = decoder.Append(ids.AsSpan(0, prompt.Count), stop);
            prefill = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            long bytes = GC.GetAllocatedBytesForCurrentThread();
            for (; count < tokens; count++)
            {
                begin = Stopwatch.GetTimestamp();
                ids[prompt.Count + count] = sampler.Next(probabilities);
                probabilities = decoder.Append(ids.AsSpan(prompt.Count + count, 1), stop);
                seconds[count] = Stopwatch.GetElapsedTime(begin).TotalSeconds;
                allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
                preparing[count] = decoder.Preparing.TotalSeconds;
            }
            probabilities.CopyTo(last);
            difference = LargestDifference(last, decoder.AtOnce(whole, ids, stop));
        }
        catch (OperationCanceledException)
        {
            // What was generated until then is the result.
        }
        return new(ids[prompt.Count..(prompt.Count + count)], prefill, seconds[..count], preparing[..count], allocated, difference);
    }

    // What is compiled meanwhile is not in the times.
    private static void WarmUp(LayeredDecoder decoder, ReadOnlySpan<int> prompt, TimeSpan time, CancellationToken stop)
    {
        long begin = Stopwatch.GetTimestamp();
        for (int step = 0; step < WarmUpSteps || Stopwatch.GetElapsedTime(begin) < time; step++)
        {
            if (step == 0 || decoder.Count == decoder.Capacity)
            {
                decoder.Clear();
                decoder.Append(prompt, stop);
            }
            new TokenSampler(temperature: 1, seed: 0).Next(decoder.Append(prompt[..1], stop));
        }
        decoder.Clear();
    }

    /// <summary>The largest difference of the logarithms of two distributions; NaN when one has a NaN.</summary>
    internal static double LargestDifference(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> others)
    {
        double largest = 0;
        for (int token = 0; token < probabilities.Length; token++)
            largest = Math.Max(largest, Math.Abs(Math.Log(Math.Max(probabilities[token], Smallest)) - Math.Log(Math.Max(others[token], Smallest))));
        return largest;
    }
}
