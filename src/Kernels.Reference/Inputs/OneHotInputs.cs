using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>
/// Queries and keys whose attention is known in closed form. The number of a key is encoded in digits, each a point on a circle in two of
/// the last channels; a query is the code of one key, scaled so that every other score is lower by at least <see cref="Gap"/>. With a
/// single channel the keys lie on a line, and a query can only select the first or last key that it sees.
/// </summary>
internal sealed class OneHotInputs
{
    // exp(−120) is 0 next to 1 even after 2³¹ terms, in float64 too.
    private const double Gap = 120;

    // Of Gap; exp(−80) is still 0 next to 1 after 2³¹ terms.
    private const double MostRounding = 40;

    // With few points on a circle their distance is large, so a small scale of the scores suffices.
    private const int PointsOnCircle = 16;

    private readonly AttentionProblem problem;
    private readonly int circles, points;

    public OneHotInputs(AttentionProblem problem)
    {
        this.problem = problem;
        circles = 1;
        points = problem.Keys;
        while (points > PointsOnCircle && circles < problem.HeadDim / 2)
        {
            circles++;
            points = (int)Math.Ceiling(Math.Pow(problem.Keys, 1.0 / circles));
        }
    }

    // Of one circle of a query. With a scale of zero there is no closed form.
    private double Length => Gap / (problem.Scale == 0 ? 1 : problem.Scale) / (points > 1 ? Separation : 1);

    // How much less than the length of a code its product with another is at least, relative to the length.
    private double Separation => 1 - Math.Cos(2 * Math.PI / points);

    /// <summary>
    /// Whether a format keeps the codes apart: with few channels and very many keys, neighbours on a circle are as near as roundings, and no
    /// closed form holds.
    /// </summary>
    /// <remarks>
    /// Rounding moves each number x by at most u·|x|, u = ε/2. The lead of the selected key over another, q·(k − k′), consists of one product
    /// for each circle where their digits differ; there |q| = L = <see cref="Gap"/>/<see cref="Separation"/>, |k| = |k′| = 1, and the
    /// product is at least <see cref="Gap"/>. Roundings of k and k′ change it by at most 2·u·L, those of q by u·L·|k − k′| ≤ 2·u·L, together
    /// 2·ε·L. Circles where the digits agree contribute nothing, rounded or not.
    /// </remarks>
    public bool HasClosedForm(Element element)
    {
        if (!float.IsFinite(element.Round((float)Length)))
            return false;
        double epsilon = element.Epsilon();
        // One channel: the keys are whole numbers, which a format holds exactly up to 2/ε. The query decides by its sign alone.
        return problem.HeadDim == 1 ? problem.Keys + problem.Batch * problem.KvHeads - 1 <= 2 / epsilon
            : points == 1 || 2 * epsilon * Gap / Separation < MostRounding;
    }

    /// <summary>A visible key for each query, [batch, heads, queries]; −1 where there is none.</summary>
    public int[] ChooseKeys(int seed)
    {
        int[] targets = new int[problem.Batch * problem.Heads * problem.Queries];
        var random = new SeededNormal(seed, (int)InputFamily.OneHot);
        for (int row = 0; row < targets.Length; row++)
        {
            int[] visible = VisibleKeys.Of(problem, row / problem.Queries % problem.Heads, row % problem.Queries);
            int choice = problem.HeadDim > 1 ? random.NextIndex(visible.Length) : random.NextIndex(2) * (visible.Length - 1);
            targets[row] = visible.Length == 0 ? -1 : visible[choice];
        }
        return targets;
    }

    /// <summary>k [keys, headDim]; the circles of each kv head have a different start.</summary>
    public void FillKeys(Span<float> k, int kvIndex)
    {
        for (int key = 0; key < problem.Keys; key++)
            Write(key, kvIndex, 1, k.Slice(key * problem.HeadDim, problem.HeadDim));
    }

    /// <summary>q [queries, headDim] that select <paramref name="targets"/>.</summary>
    public void FillQueries(ReadOnlySpan<int> targets, Span<float> q, int head, int kvIndex)
    {
        double length = Length;
        for (int query = 0; query < problem.Queries; query++)
        {
            Span<float> row = q.Slice(query * problem.HeadDim, problem.HeadDim);
            row.Clear();
            if (targets[query] < 0)
                continue;
            if (problem.HeadDim > 1)
                Write(targets[query], kvIndex, length, row);
            else
                row[0] = (float)(targets[query] == VisibleKeys.Of(problem, head, query)[0] ? -length : length);
        }
    }

    private void Write(int key, int kvIndex, double length, Span<float> row)
    {
        row.Clear();
        if (row.Length == 1)
        {
            row[0] = key + kvIndex;
            return;
        }
        int rest = key;
        for (int circle = 0; circle < circles; circle++)
        {
            (rest, int digit) = Math.DivRem(rest, points);
            double angle = 2 * Math.PI * digit / points + kvIndex;
            row[^(2 * circle + 2)] = (float)(length * Math.Cos(angle));
            row[^(2 * circle + 1)] = (float)(length * Math.Sin(angle));
        }
    }
}
