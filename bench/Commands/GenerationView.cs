using Kernels.Measurement.Ceiling;
using Kernels.Models.Decoding;
using Kernels.Report.Formatting;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>Writes what was generated, its speed beside the read bandwidth of this machine, and the check.</summary>
/// <param name="output">For results.</param>
/// <param name="decoder">What generated.</param>
/// <param name="threads">Its threads.</param>
internal sealed class GenerationView(TextWriter output, LayeredDecoder decoder, int threads)
{
    /// <summary>Writes it; measures the read bandwidth where tokens were timed.</summary>
    public void Write(Generation generated, int prompt, IReadOnlyList<string> pieces)
    {
        if (generated.PrefillSeconds > 0)
            output.WriteLine($"prefill  {prompt:N0} tokens at {prompt / generated.PrefillSeconds:N0} a second ({1e3 * generated.PrefillSeconds:N2} ms)");
        if (generated.Ids.Count > 0)
        {
            WriteSteps(generated, prompt);
            output.WriteLine($"ids      {string.Join(' ', generated.Ids)}");
        }
        if (pieces.Count > 0)
            output.WriteLine($"text     {string.Join('|', generated.Ids.Select(id => id < pieces.Count ? OneLine.Quote(pieces[id]) : "?"))}");
        output.WriteLine(generated.Difference is { } difference
            ? $"check    {(generated.IsRight ? "right" : "WRONG")}: the last log-probabilities are at most {difference:0.0e-0} from those of "
                + $"the whole sequence at once; {Generation.Allowed:0e-0} is allowed"
            : "check    none: stopped before the end");
    }

    private void WriteSteps(Generation generated, int prompt)
    {
        int count = generated.Ids.Count;
        double total = generated.StepSeconds.Sum(), median = Median(generated.StepSeconds);
        output.WriteLine($"decode   {count:N0} tokens at {count / total:N1} a second; median {1e6 * median:N0} µs a token");
        output.WriteLine(
            $"plans    {1e6 * Median(generated.PreparingSeconds):N0} µs of it, with checks, and {generated.AllocatedBytes / count:N0} bytes of managed memory");
        long caches = decoder.CacheBytes(prompt + (count + 1) / 2), bytes = decoder.WeightBytes + caches;
        double rate = bytes / median / 1e9;
        MachineInfo machine = ThisMachine.Read();
        double? ceiling = CeilingMeasurement.Measure([threads], machine.CacheBytes, machine.MemoryBytes).Feeding(bytes, threads)?.GigabytesPerSecond;
        string share = ceiling is not { } peak ? "of an unknown bandwidth"
            : $"{100 * rate / peak:N0} % of {peak:N1} GB/s, the read bandwidth of {Numbers.Threads(threads)} now";
        output.WriteLine($"reads    {Mebibytes(decoder.WeightBytes)} of weights and {Mebibytes(caches)} of caches a token: {rate:N1} GB/s, {share}");
    }

    private static double Median(IReadOnlyList<double> numbers) => MedianInterval.Of([.. numbers]).Median;

    private static string Mebibytes(long bytes) => $"{bytes / (double)(1 << 20):N2} MiB";
}
