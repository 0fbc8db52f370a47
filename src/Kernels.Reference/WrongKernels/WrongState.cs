using System.Collections.Concurrent;
using Kernels.Abstractions;
using static Kernels.Reference.FailureKind;

namespace Kernels.Reference;

/// <summary>Kernels that keep state between calls. Each created set has its own state, so that scores are independent.</summary>
internal static class WrongState
{
    public static IReadOnlyList<WrongKernel> Create() => [KeepsASum(), CachesScale(), CachesWeights(), SharedBuffer(), Random()];

    private static WrongKernel KeepsASum()
    {
        float sum = 0;
        return new(new ScalarAttention
        {
            Name = "keeps-a-sum",
            Mistake = "adds a little more with every call",
            Finish = (problem, query, row) => row[0] += sum += 1e-3f,
        }, NotReproducible);
    }

    private static WrongKernel CachesScale()
    {
        var scales = new ConcurrentDictionary<int, float>();
        return new(new ScalarAttention
        {
            Name = "caches-scale",
            Mistake = "takes the scale of the first problem with as many keys",
            Scale = problem => scales.GetOrAdd(problem.Keys, problem.Scale),
        }, Inaccurate);
    }

    private static WrongKernel CachesWeights()
    {
        var rows = new ConcurrentDictionary<AttentionProblem, float[]>();
        return new(new ScalarAttention
        {
            Name = "caches-weights",
            Mistake = "keeps the weights of query 0 from the first call on a problem",
            Normalise = (problem, query, row) =>
            {
                ScalarAttention.PlainNormalise(problem, query, row);
                if (query == 0)
                    rows.GetOrAdd(problem, row.ToArray()).CopyTo(row);
            },
        }, Inaccurate);
    }

    private static WrongKernel SharedBuffer()
    {
        float[] shared = [];
        return new(new ScalarAttention
        {
            Name = "shared-buffer",
            Mistake = "all threads share one buffer of weights",
            Prepare = (in call, scratch) =>
            {
                if (shared.Length < scratch.Length)
                    shared = new float[scratch.Length];
            },
            Weights = scratch => shared,
        }, NotThreadSafe);
    }

    private static WrongKernel Random()
    {
        var random = new Random(1);
        return new(new ScalarAttention
        {
            Name = "random",
            Mistake = "adds noise of 10⁻⁶",
            Finish = (problem, query, row) => row[0] *= 1 + 1e-6f * random.NextSingle(),
        }, NotReproducible);
    }
}
