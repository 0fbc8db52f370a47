using System.Text.Json.Serialization;
using Kernels.Abstractions;

namespace Kernels.Validation;

/// <summary>One wrong number.</summary>
/// <param name="Operand">The output.</param>
/// <param name="Index">Its place: batch, head, token, channel.</param>
/// <param name="Got">What the kernel gave.</param>
/// <param name="Wanted">The float64 reference; or what the kernel itself gave before, where two of its results differ.</param>
public sealed record Mismatch(
    string Operand, int[] Index,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Got,
    [property: JsonNumberHandling(JsonNumberHandling.AllowNamedFloatingPointLiterals)] double Wanted)
{
    /// <summary>Such as <c>got 0.5, wanted 0.25 at batch 0, head 1, query 3, channel 7</c>.</summary>
    public override string ToString() =>
        $"got {Got:g6}, wanted {Wanted:g6} at {(Operand == "o" ? "" : $"{Operand} of ")}"
        + $"batch {Index[0]}, head {Index[1]}, query {Index[2]}, channel {Index[3]}";

    /// <summary>A number of an output by its place in head-major order.</summary>
    internal static Mismatch At(Operand output, long place, double got, double wanted)
    {
        (long row, long channel) = Math.DivRem(place, output.Layout.Channels);
        (long headIndex, long token) = Math.DivRem(row, output.Layout.Tokens);
        (long batch, long head) = Math.DivRem(headIndex, output.Layout.Heads);
        return new(output.Name, [(int)batch, (int)head, (int)token, (int)channel], got, wanted);
    }
}
