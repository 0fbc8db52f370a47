using Kernels.Abstractions;

namespace Kernels.Layers;

/// <summary>
/// Rotary positions of queries and keys in place, and the copies of new keys and values into a cache. An item is a token; its angles are computed once for
/// all heads.
/// </summary>
internal sealed unsafe class RotateStep : LayerStep
{
    /// <summary>Sizes.</summary>
    public required LayerProblem Problem { get; init; }

    /// <summary>The base of the wavelengths by which queries and keys are rotated; null when they are not.</summary>
    public required double? Base { get; init; }

    /// <summary>[batch, queries, heads, headDim].</summary>
    public required Rows Q { get; init; }

    /// <summary>[batch, queries, kvHeads, headDim].</summary>
    public required Rows K { get; init; }

    /// <summary>Likewise.</summary>
    public required Rows V { get; init; }

    /// <summary>Place of the cache of keys, before that of values; null without.</summary>
    public int? Cache { get; init; }

    /// <inheritdoc/>
    public override LayerPart Part => LayerPart.Projections;

    /// <inheritdoc/>
    public override int Items => Problem.Batch * Problem.Queries;

    /// <inheritdoc/>
    public override long ThreadBytes => sizeof(float) * Problem.HeadDim;

    /// <inheritdoc/>
    public override void Compute(in Call call, int item)
    {
        (int batch, int token) = Math.DivRem(item, Problem.Queries);
        int d = Problem.HeadDim, position = token + (Cache is null ? 0 : Problem.Keys - Problem.Queries);
        float* q = Q.Of(call) + (nint)item * Problem.QueryWidth, k = K.Of(call) + (nint)item * Problem.KeyWidth, v = V.Of(call) + (nint)item * Problem.KeyWidth;
        if (Base is { } wavelengths)
        {
            WriteAngles(wavelengths, position, (float*)call.Own);
            for (int head = 0; head < Problem.Heads; head++)
                Rotate(q + head * d, (float*)call.Own);
            for (int head = 0; head < Problem.KvHeads; head++)
                Rotate(k + head * d, (float*)call.Own);
        }
        for (int head = 0; Cache is { } cache && head < Problem.KvHeads; head++)
        {
            new ReadOnlySpan<float>(k + head * d, d).CopyTo(call[cache].Row<float>(batch, head, position));
            new ReadOnlySpan<float>(v + head * d, d).CopyTo(call[cache + 1].Row<float>(batch, head, position));
        }
    }

    private void WriteAngles(double wavelengths, int position, float* angles)
    {
        int half = Problem.HeadDim / 2;
        for (int i = 0; i < half; i++)
        {
            double angle = position * Math.Pow(wavelengths, -2.0 * i / Problem.HeadDim);
            (double sin, double cos) = Math.SinCos(angle);
            angles[i] = (float)cos;
            angles[i + half] = (float)sin;
        }
    }

    private void Rotate(float* head, float* angles)
    {
        int half = Problem.HeadDim / 2;
        for (int i = 0; i < half; i++)
        {
            float a = head[i], b = head[i + half], cos = angles[i], sin = angles[i + half];
            head[i] = a * cos - b * sin;
            head[i + half] = a * sin + b * cos;
        }
    }
}
