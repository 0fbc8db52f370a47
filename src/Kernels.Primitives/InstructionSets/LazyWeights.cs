using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Kernels.Primitives.InstructionSets;

/// <summary>
/// Weights relative to a lazy reference near the maximum: w = 2^((score − reference)·scale), times the factor of
/// <see cref="FactoredExp2"/>. The state of the rows is that of <see cref="InterleavedTiles.State"/>.
/// </summary>
internal static unsafe class LazyWeights<TSet>
    where TSet : struct, IInstructionSet
{
    /// <summary>Floats of the constants.</summary>
    public const int ConstantsLength = Width + FactoredExp2.ConstantsLength;

    private const int Width = 16;

    /// <summary>Offset of the largest scores in the state.</summary>
    public static int Max => TSet.QueryRows;

    /// <summary>Offset of the sums in the state.</summary>
    public static int Sum => 2 * TSet.QueryRows;

    /// <summary>Writes the constants that <see cref="Of"/> reads.</summary>
    /// <param name="scale">Factor of the scores, in units of log₂ e, positive.</param>
    /// <param name="constants"><see cref="ConstantsLength"/> floats.</param>
    public static void WriteConstants(float scale, float* constants)
    {
        Vector512.Create(scale).Store(constants);
        FactoredExp2.WriteConstants(constants + Width);
    }

    /// <summary>The weights of the scores of 16 rows whose state is at <paramref name="state"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Of(Vector512<float> score, float* state, float* constants) =>
        FactoredExp2.Compute((score - Vector512.Load(state)) * Vector512.Load(constants), constants + Width);

    /// <summary>Turns a column of scores, one vector of 16 rows a key, into weights in place.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Weigh(float* scores, int keys, float* state, float* constants)
    {
        Vector512<float> max = Vector512.Load(state + Max), sum = Vector512.Load(state + Sum);
        for (int key = 0; key < keys; key++)
        {
            Vector512<float> score = Vector512.Load(scores);
            max = Vector512.MaxNative(score, max);
            Vector512<float> weight = Of(score, state, constants);
            weight.Store(scores);
            sum += weight;
            scores += TSet.ScoreStride;
        }
        max.Store(state + Max);
        sum.Store(state + Sum);
    }
}
