using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>The gradient through rotary positions with a mistake.</summary>
internal sealed class MistakenRotary(BackwardMistake mistake, RotaryBackward operation, LayerArithmetic arithmetic, LayerProblem problem, LayerNumbers numbers)
    : RotaryBackwardFormula(operation, arithmetic, problem, numbers)
{
    protected override int Angle(int token) => mistake switch
    {
        BackwardMistake.TurnedForth => -base.Angle(token),
        BackwardMistake.PositionOneOff => base.Angle(token) - 1,
        BackwardMistake.PositionsFromZero => -token,
        _ => base.Angle(token),
    };

    protected override void Rotate(Span<double> head, int position, double wavelengths)
    {
        int half = head.Length / 2;
        double[] pairs = new double[head.Length];
        for (int c = 0; c < head.Length; c++)
            pairs[c] = head[Place(c, half)];
        base.Rotate(pairs, position, mistake == BackwardMistake.HalfFrequencies ? Math.Sqrt(wavelengths) : wavelengths);
        for (int c = 0; c < head.Length; c++)
            head[Place(c, half)] = pairs[c];
    }

    // Where the channel is that stands at a place of the pairs.
    private int Place(int channel, int half) => mistake switch
    {
        BackwardMistake.AdjacentPairs => channel < half ? 2 * channel : 2 * (channel - half) + 1,
        BackwardMistake.HalvesSwapped => (channel + half) % (2 * half),
        _ => channel,
    };
}
