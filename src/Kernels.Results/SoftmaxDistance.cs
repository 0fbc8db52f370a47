namespace Kernels.Results;

/// <summary>Distance of an operation from softmax attention at one length, between the gold of both. It is reported only.</summary>
/// <param name="Inputs">Input family.</param>
/// <param name="Keys">Number of keys.</param>
/// <param name="RelativeError">√(Σ(x − softmax)² / Σ softmax²); an output of zeros has 1.</param>
/// <param name="Cosine">Cosine of the angle between both outputs: 1 when they differ by a factor alone.</param>
public sealed record SoftmaxDistance(string Inputs, int Keys, double RelativeError, double Cosine);
