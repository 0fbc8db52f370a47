namespace Kernels.Results;

/// <summary>Time of a call in nanoseconds, from samples that each average many calls; no sample is dropped.</summary>
/// <param name="MedianNs">Median of the samples.</param>
/// <param name="LowNs">Lower end of the median's 95 % interval.</param>
/// <param name="HighNs">Upper end of the median's 95 % interval.</param>
/// <param name="Samples">Number of samples.</param>
public sealed record Timing(double MedianNs, double LowNs, double HighNs, int Samples);
