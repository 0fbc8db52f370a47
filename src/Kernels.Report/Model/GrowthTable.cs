namespace Kernels.Report.Model;

/// <summary>Growth of time and scratch with the sequence length: exponents p of y ∝ Nᵖ over the long lengths of sweeps.</summary>
public static class GrowthTable
{
    /// <summary>In shorter calls fixed costs matter: packing, tables and the start of threads.</summary>
    public const int From = 4096;

    /// <summary>A row for each kernel with times at three or more lengths from <see cref="From"/> on, by sweep.</summary>
    public static IReadOnlyList<Row> Rows(ReportData data) =>
    [
        .. from sweep in data.MainSweeps
           from line in sweep.Lines
           let points = line.Points.Where(point => SweepKey.Length(point) >= From).ToList()
           where points.Count >= 3
           select new Row(sweep, line.Kernel, points),
    ];

    /// <summary>A kernel over the long lengths of a sweep.</summary>
    /// <param name="Sweep">The sweep.</param>
    /// <param name="Kernel">Its name.</param>
    /// <param name="Points">Its cases by ascending length.</param>
    public sealed record Row(Sweep Sweep, string Kernel, IReadOnlyList<ReportCase> Points)
    {
        /// <summary>The lengths, such as N = 4096…65536.</summary>
        public string Lengths => $"N\u00A0=\u00A0{SweepKey.Length(Points[0])}…{SweepKey.Length(Points[^1])}";

        /// <summary>Exponent of the time.</summary>
        public double Time => Exponent(point => point.Nanoseconds)!.Value;

        /// <summary>Exponent of the scratch memory; null for a kernel without.</summary>
        public double? Scratch => Points.All(point => point.Result.ScratchBytes > 0) ? Exponent(point => point.Result.ScratchBytes!.Value) : null;

        /// <summary>The case at the greatest length.</summary>
        public ReportCase Longest => Points[^1];

        private double? Exponent(Func<ReportCase, double> value) =>
            PowerLaw.Exponent([.. Points.Select(point => ((double)SweepKey.Length(point), value(point)))]);
    }
}
