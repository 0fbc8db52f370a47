namespace Kernels.Primitives;

/// <summary>Errors of one function at one vector width, from <see cref="ExpAccuracy"/>.</summary>
/// <param name="Function"><c>2^x</c>, <c>e^x</c> or <c>2^x, factored</c>.</param>
/// <param name="VectorBits">128, 256 or 512.</param>
/// <param name="Values">Arguments tested.</param>
/// <param name="MaxUlp">Largest error where the result is a normal float, in units in the last place of the exact result.</param>
/// <param name="MaxUlpAt">An argument with that error.</param>
/// <param name="MaxRelative">Largest relative error where the result is a normal float.</param>
/// <param name="MaxRelativeAt">An argument with that error.</param>
/// <param name="MaxAbsoluteBelow">Largest absolute error where the exact result is below the normal floats.</param>
/// <param name="SpecialValuesRight">Whether NaN gives NaN, −∞ exactly 0, and 0 exactly 1 unless there is a factor.</param>
public sealed record ExpError(
    string Function, int VectorBits, long Values, double MaxUlp, float MaxUlpAt, double MaxRelative, float MaxRelativeAt,
    double MaxAbsoluteBelow, bool SpecialValuesRight);
