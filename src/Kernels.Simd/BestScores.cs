namespace Kernels.Simd;

/// <summary>Selects the largest scores of a row exactly, although the scores were computed in float32.</summary>
internal static class BestScores
{
    /// <summary>
    /// Writes the indices of the largest scores to <paramref name="kept"/>, ascending; of equal scores the earlier is kept. False when a
    /// score is not finite.
    /// </summary>
    /// <param name="q">[headDim].</param>
    /// <param name="k">[scores, headDim] or more.</param>
    /// <param name="sign">Sign of the scale, which the scores already have.</param>
    /// <param name="scores">sign·q·k of each key, off by at most <paramref name="rounding"/>.</param>
    /// <param name="rounding">Finite.</param>
    /// <param name="kept">Receives the indices; its length is the number to keep, at most the number of scores.</param>
    public static bool Choose(
        ReadOnlySpan<float> q, ReadOnlySpan<float> k, int sign, ReadOnlySpan<float> scores, float rounding, Span<int> kept)
    {
        if (!TryFindLeast(scores, kept.Length, out float least))
            return false;
        // Rounding cannot change the order of scores above or below these bounds.
        float above = least + 2 * rounding, below = least - 2 * rounding;
        Span<double> exact = stackalloc double[kept.Length];
        Span<int> close = stackalloc int[kept.Length];
        int certain = 0, closeCount = 0;
        foreach (float score in scores)
            certain += score > above ? 1 : 0;
        int room = kept.Length - certain;
        for (int key = 0; key < scores.Length; key++)
        {
            if (scores[key] >= below && scores[key] <= above)
                Insert(sign * Dot(q, k.Slice(key * q.Length, q.Length)), key, exact, close, room, ref closeCount);
        }
        close = close[..closeCount];
        close.Sort();
        int next = 0, nextClose = 0;
        for (int key = 0; key < scores.Length && next < kept.Length; key++)
        {
            bool isClose = nextClose < close.Length && close[nextClose] == key;
            nextClose += isClose ? 1 : 0;
            if (isClose || scores[key] > above)
                kept[next++] = key;
        }
        return true;
    }

    /// <summary>Inserts a score into a descending list of at most <paramref name="room"/>, which may drop its last item.</summary>
    private static void Insert(double score, int key, Span<double> exact, Span<int> keys, int room, ref int count)
    {
        int place = count;
        while (place > 0 && score > exact[place - 1])
            place--;
        if (place >= room)
            return;
        count = Math.Min(room, count + 1);
        for (int i = count - 1; i > place; i--)
            (exact[i], keys[i]) = (exact[i - 1], keys[i - 1]);
        (exact[place], keys[place]) = (score, key);
    }

    /// <summary>The least of the <paramref name="count"/> largest scores: the top of a heap of those.</summary>
    private static bool TryFindLeast(ReadOnlySpan<float> scores, int count, out float least)
    {
        Span<float> heap = stackalloc float[count];
        heap.Fill(float.NegativeInfinity);
        float extremes = 0;
        foreach (float score in scores)
        {
            // Becomes NaN when a score is not finite: 0 · ∞ and 0 · NaN are NaN.
            extremes += 0 * score;
            if (score <= heap[0])
                continue;
            int place = 0;
            for (int child = 1; child < count; child = 2 * place + 1)
            {
                if (child + 1 < count && heap[child + 1] < heap[child])
                    child++;
                if (heap[child] >= score)
                    break;
                heap[place] = heap[child];
                place = child;
            }
            heap[place] = score;
        }
        least = heap[0];
        return extremes == 0;
    }

    private static double Dot(ReadOnlySpan<float> q, ReadOnlySpan<float> k)
    {
        double sum = 0;
        for (int c = 0; c < q.Length; c++)
            sum += (double)q[c] * k[c];
        return sum;
    }
}
