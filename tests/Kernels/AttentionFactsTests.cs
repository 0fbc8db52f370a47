using FsCheck;
using FsCheck.Fluent;
using Kernels.Abstractions;
using Xunit;

namespace Kernels.Tests;

/// <summary>
/// What is known of softmax attention without computing it, as properties of every kernel on the processor: they need no reference, so they
/// would find a mistake that kernels and reference share. Numbers are of size 1, and so is every tolerance relative to float32.
/// </summary>
public sealed class AttentionFactsTests
{
    private const float Tolerance = 2e-5f;
    private const int Problems = 25;

    // Queries are as many as keys, so that every token has both.
    private static readonly Gen<Facts> facts =
        from kvHeads in Gen.Choose(1, 3)
        from perKvHead in Gen.Choose(1, 3)
        from tokens in Gen.Choose(2, 90)
        from headDim in Gen.Choose(1, 70)
        from isCausal in Gen.Elements(true, false)
        from seed in Gen.Choose(1, 1_000_000)
        select new Facts(new AttentionProblem(1, kvHeads * perKvHead, kvHeads, tokens, tokens, headDim,
            isCausal ? AttentionMask.Causal : AttentionMask.Full), seed);

    public static TheoryData<string> Names =>
        KernelNames.Where(kernel => kernel.Info.Operation == Operations.Softmax && kernel.Info.Format == Format.Float32 && kernel.Backend is null);

    /// <summary>Weights add up to 1 and none is negative: values of 1 give 1, and no output leaves the range of the values.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void An_output_is_a_mean_of_values(string name) => ForAll(name, (given, kernel) =>
    {
        float[] ones = [.. given.V.Select(_ => 1f)], output = given.Run(kernel);
        float low = given.V.Min() - Tolerance, high = given.V.Max() + Tolerance;
        return given.Run(kernel, v: ones).All(number => MathF.Abs(number - 1) <= Tolerance) && output.All(number => number >= low && number <= high);
    });

    /// <summary>Without positions attention does not know the order of tokens; a causal mask gives it one.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Permuted_tokens_give_permuted_outputs_unless_a_mask_orders_them(string name) => ForAll(name, (given, kernel) =>
    {
        float[] permuted = given.Run(kernel, Reversed(given.Q, given), Reversed(given.K, given), Reversed(given.V, given));
        bool isSame = Near(Reversed(permuted, given), given.Run(kernel));
        return isSame == (given.Problem.Mask is FullMask);
    });

    /// <summary>A causal output depends on the past alone.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_future_changes_nothing_under_a_causal_mask(string name) => ForAll(name, (given, kernel) =>
    {
        int changed = given.Problem.Keys / 2;
        float[] other = given.Run(kernel, k: Changed(given.K, given, changed), v: Changed(given.V, given, changed)), output = given.Run(kernel);
        bool isSame = Enumerable.Range(0, given.Problem.Heads).All(head =>
            Near(Rows(other, given, head, changed), Rows(output, given, head, changed)));
        return given.Problem.Mask is FullMask || isSame;
    });

    /// <summary>The same vector added to all keys adds the same number to all scores of a query, which the softmax takes out.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Keys_that_are_moved_together_give_the_same_output(string name) => ForAll(name, (given, kernel) =>
    {
        float[] moved = [.. given.K.Select((number, i) => number + MathF.Sin(i % given.Problem.HeadDim) / 2)];
        return Near(given.Run(kernel, k: moved), given.Run(kernel), 5 * Tolerance);
    });

    /// <summary>Queries of zeros see all keys alike: the output is the mean of the values that the mask leaves.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_query_of_zeros_gives_the_mean(string name) => ForAll(name, (given, kernel) =>
    {
        float[] output = given.Run(kernel, q: new float[given.Q.Length]);
        AttentionProblem problem = given.Problem;
        int d = problem.HeadDim;
        for (int head = 0; head < problem.Heads; head++)
            for (int query = 0; query < problem.Queries; query++)
                for (int c = 0; c < d; c++)
                {
                    KeyRange seen = problem.VisibleKeys(query);
                    double mean = Enumerable.Range(seen.Begin, seen.Length).Average(key => given.V[(problem.KvHead(head) * problem.Keys + key) * d + c]);
                    if (Math.Abs(output[(head * problem.Queries + query) * d + c] - mean) > Tolerance)
                        return false;
                }
        return true;
    });

    /// <summary>Decoding: the last token with a cache of all keys gives what the whole sequence gives for it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_cache_gives_what_the_sequence_gives(string name) => ForAll(name, (given, kernel) =>
    {
        AttentionProblem whole = given.Problem;
        var last = new AttentionProblem(1, whole.Heads, whole.KvHeads, 1, whole.Keys, whole.HeadDim, whole.Mask);
        float[] query = [.. Enumerable.Range(0, whole.Heads)
            .SelectMany(head => given.Q[(((head + 1) * whole.Queries - 1) * whole.HeadDim)..][..whole.HeadDim])];
        float[] output = new float[last.OutputLength], all = given.Run(kernel);
        kernel.Forward(last, query, given.K, given.V, output);
        return Enumerable.Range(0, whole.Heads).All(head =>
            Near(output.AsSpan(head * whole.HeadDim, whole.HeadDim), all.AsSpan(((head + 1) * whole.Queries - 1) * whole.HeadDim, whole.HeadDim)));
    });

    /// <summary>Heads that share keys and values compute what they would with copies of their own, and heads do not see each other.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Heads_are_independent(string name) => ForAll(name, (given, kernel) =>
    {
        AttentionProblem all = given.Problem;
        var one = new AttentionProblem(1, 1, 1, all.Queries, all.Keys, all.HeadDim, all.Mask);
        float[] output = given.Run(kernel);
        return Enumerable.Range(0, all.Heads).All(head =>
        {
            float[] alone = new float[one.OutputLength];
            int rows = one.OutputLength, kvHead = all.KvHead(head);
            kernel.Forward(one, given.Q.AsSpan(head * rows, rows), given.K.AsSpan(kvHead * rows, rows), given.V.AsSpan(kvHead * rows, rows), alone);
            return Near(alone, output.AsSpan(head * rows, rows));
        });
    });

    private static void ForAll(string name, Func<Facts, Kernel, bool> holds)
    {
        Kernel kernel = KernelNames.Available(name);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Problems).WithReplay(20261128, 1),
            Prop.ForAll(facts.ToArbitrary(), given => kernel.WhyNot(given.Problem) is not null || holds(given, kernel)));
    }

    private static bool Near(ReadOnlySpan<float> a, ReadOnlySpan<float> b, float tolerance = Tolerance)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (!(MathF.Abs(a[i] - b[i]) <= tolerance))
                return false;
        }
        return a.Length == b.Length;
    }

    private static Span<float> Rows(float[] numbers, Facts given, int head, int count) =>
        numbers.AsSpan(head * given.Problem.Queries * given.Problem.HeadDim, count * given.Problem.HeadDim);

    // Token by token, in each head.
    private static float[] Reversed(float[] numbers, Facts given)
    {
        int d = given.Problem.HeadDim, rows = given.Problem.Keys, heads = numbers.Length / d / rows;
        return [.. Enumerable.Range(0, heads).SelectMany(head => Enumerable.Range(0, rows).Reverse()
            .SelectMany(row => numbers[((head * rows + row) * d)..][..d]))];
    }

    // From a token on, in each head.
    private static float[] Changed(float[] numbers, Facts given, int first)
    {
        int d = given.Problem.HeadDim, rows = given.Problem.Keys;
        return [.. numbers.Select((number, i) => i / d % rows >= first ? 3 - number : number)];
    }

    /// <summary>Numbers for a problem.</summary>
    private sealed record Facts(AttentionProblem Problem, int Seed)
    {
        public float[] Q { get; } = Numbers(Problem.QueryLength, Seed);

        public float[] K { get; } = Numbers(Problem.KeyLength, Seed + 1);

        public float[] V { get; } = Numbers(Problem.ValueLength, Seed + 2);

        public float[] Run(Kernel kernel, float[]? q = null, float[]? k = null, float[]? v = null)
        {
            float[] output = new float[Problem.OutputLength];
            kernel.Forward(Problem, q ?? Q, k ?? K, v ?? V, output);
            return output;
        }

        private static float[] Numbers(int length, int seed)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, length).Select(_ => 2 * random.NextSingle() - 1)];
        }
    }
}
