using Kernels.Abstractions;
using Kernels.Report.Model;
using Kernels.Results;

namespace Kernels.Tests.Report;

/// <summary>A run of one sweep, 8 heads of 64 channels, whose times follow a given law.</summary>
internal static class SyntheticSweep
{
    public const string Peer = "peer-onnxruntime-mha", PeerVersion = "ONNX Runtime 1.31.1";

    /// <summary>A kernel of the sweep.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Nanoseconds">Time of a call by length.</param>
    /// <param name="Relative">Half of the width of its interval, relative to the time.</param>
    public sealed record Line(string Name, Func<int, double> Nanoseconds, double Relative = 0.02)
    {
        public string? BuildsOn { get; init; }

        public Operation Operation { get; init; } = Operations.Softmax;

        public Format Format { get; init; } = Format.Float32;

        public Element Products { get; init; } = Element.Float32;

        public string? Device { get; init; }

        public long? ScratchBytes { get; init; } = 65_536;

        /// <summary>Lengths that it was not measured at.</summary>
        public int[] Without { get; init; } = [];
    }

    public static RunResults Run(int[] lengths, params Line[] lines) => Run(lengths, "full", 1, lines);

    public static RunResults Run(int[] lengths, string mask, int threads, params Line[] lines) => Synthetic.Run() with
    {
        // The made-up times are faster than any cache; where its size is not known, nothing is concluded from that.
        Machine = Synthetic.Machine("amd-epyc-2c") with { CacheBytes = new Dictionary<string, long> { ["L2"] = 1_048_576 } },
        Kernels = [.. lines.Select(Kernel)],
        Cases = Cases(lengths, mask, threads, lines),
    };

    public static List<CaseResult> Cases(int[] lengths, string mask, int threads, params Line[] lines) =>
    [
        .. from length in lengths
           from line in lines
           where !line.Without.Contains(length)
           select Case(line, $"b1-h8-q{length}-k{length}-d64{(mask == "full" ? "" : $"-{mask}")}", threads),
    ];

    /// <summary>The only sweep of a run.</summary>
    public static Sweep Of(int[] lengths, params Line[] lines) => new ReportData([Run(lengths, lines)]).Sweeps.Single();

    /// <summary>The case of a kernel on a problem.</summary>
    public static CaseResult Case(Line line, string problem, int threads)
    {
        AttentionProblem parsed = ProblemName.Parse(problem);
        double median = line.Nanoseconds(parsed.Keys);
        double rate = line.Operation.Flops(parsed) / median;
        return Synthetic.Measured(line.Name, problem, threads: threads) with
        {
            Timing = new Timing(median, median * (1 - line.Relative), median * (1 + line.Relative), 9),
            ExactGflops = rate,
            DenseGflops = parsed.DenseFlops / median,
            CeilingShare = line.Device is null ? Math.Min(1, rate / 108) : null,
            GigabytesPerSecond = line.Operation.Bytes(parsed, line.Format) / median,
            ScratchBytes = line.ScratchBytes,
        };
    }

    private static KernelResult Kernel(Line line) => Synthetic.Kernel(line.Name, passed: 3) with
    {
        BuildsOn = line.BuildsOn,
        Operation = line.Operation.Name,
        Formula = line.Operation.Formula,
        Format = line.Format.Name,
        Products = line.Products == Element.Float32 ? null : line.Products.Text(),
        Device = line.Device,
        Version = line.Name.StartsWith("peer-", StringComparison.Ordinal) ? PeerVersion : null,
    };
}
