using FsCheck;
using FsCheck.Fluent;
using Kernels.Abstractions;
using Kernels.Reference;

namespace Kernels.Validation;

/// <summary>
/// Cases that nobody chose, from a seed. Sizes are often at the ends of ranges, beside powers of two and multiples of tiles, or prime; the
/// products of sizes are bounded, so that float64 takes milliseconds. Equal seeds give equal cases, and each case has a name that
/// replays it without the seed.
/// </summary>
public static class GeneratedCases
{
    /// <summary>Cases in every verify unless it says otherwise.</summary>
    public const int DefaultCount = 16;

    // Products of a query with a key and of a weight with a value, all heads together.
    private const long MostProducts = 1_000_000;
    private const int MostChannels = 260, MostKeys = 140_000, MostQueries = 2_500, MostPosition = 1_000_000;

    private static readonly int[] tiles = [6, 8, 16, 48, 64, 128], primes = [2, 3, 5, 7, 13, 37, 61, 97, 131, 197, 251, 509, 1021, 2039, 4093, 65537];

    private static readonly int[] awkward =
    [
        .. Enumerable.Range(0, 18).Select(power => 1 << power).Concat(tiles.SelectMany(tile => Enumerable.Range(1, 4).Select(times => times * tile)))
            .SelectMany(size => new[] { size - 1, size, size + 1 }).Concat(primes).Where(size => size > 0).Distinct().Order(),
    ];

    private static readonly Gen<GateCase> cases =
        // Room for many keys: one sequence of few heads and channels.
        from many in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        from batch in many ? Gen.Constant(1) : Size(5)
        from kvHeads in many ? Gen.Constant(1) : Size(batch > 2 ? 5 : 9)
        from @group in many ? Gen.Choose(1, 2) : Size(kvHeads > 5 ? 3 : 7)
        from headDim in many ? Gen.Choose(1, 6) : Size(MostChannels)
        from otherWidth in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        from valueDim in otherWidth && !many ? Size(MostChannels) : Gen.Constant(headDim)
        let rest = MostProducts / ((long)batch * kvHeads * @group * (headDim + valueDim))
        from queries in many ? Gen.Choose(1, 3) : Size((int)Math.Clamp(rest, 1, MostQueries))
        from square in Gen.Frequency((2, Gen.Constant(false)), (1, Gen.Constant(true)))
        let mostKeys = (int)Math.Clamp(rest / queries, 1, MostKeys)
        from keys in square && queries <= mostKeys ? Gen.Constant(queries) : Size(mostKeys)
        from mask in Masks(Math.Max(queries, keys))
        from moved in Gen.Frequency((3, Gen.Constant(false)), (mask.IsContiguous ? 1 : 0, Gen.Constant(true)))
        from queryStart in moved ? Gen.OneOf(Gen.Choose(0, 2 * keys), Gen.Choose(0, MostPosition)) : Gen.Constant(-1)
        from keyStart in moved ? Gen.OneOf(Gen.Constant(0), Gen.Choose(0, Math.Max(1, queryStart))) : Gen.Constant(0)
        from order in Gen.Elements(TokenOrder.HeadMajor, TokenOrder.HeadMajor, TokenOrder.TokenMajor)
        from scale in Gen.OneOf(Gen.Constant<float?>(null), Gen.Constant<float?>(null), Gen.Elements<float?>(0, 1e-9f, -0.1f, 0.05f, 0.5f))
        from family in Gen.Elements<InputFamily>(InputFamilies.Seeded)
        from seed in Gen.Choose(1, 1_000_000)
        from injection in Gen.Frequency((7, Gen.Constant<NonFinite?>(null)), (1, Injections))
        select new GateCase(
            new AttentionProblem(
                batch, kvHeads * @group, kvHeads, queries, keys, headDim, mask, scale, valueDim, moved ? queryStart : null, keyStart, order),
            injection is null ? family : InputFamily.Normal, seed)
        { Injection = injection };

    // Layers, each half self-attention and half attention to other rows or a cache.
    private static readonly Gen<GateCase> layers =
        from batch in Size(4)
        from kvHeads in Size(4)
        from @group in Size(3)
        from pairs in Size(40)
        from odd in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Constant(1)))
        from width in Size(160)
        from hidden in Size(300)
        let headDim = 2 * pairs - odd
        let row = 2L * width * (kvHeads * (@group + 1) * headDim + hidden)
        // All rows through the matrices, and all pairs through the attention.
        let rest = Math.Min(MostProducts / (batch * row), (int)Math.Sqrt(MostProducts / (2.0 * batch * kvHeads * @group * headDim)))
        from queries in Size((int)Math.Clamp(rest, 1, 200))
        from square in Gen.Elements(true, false)
        from keys in square ? Gen.Constant(queries) : Size((int)Math.Clamp(rest, 1, 300))
        from mask in Gen.OneOf(
            Gen.Constant(AttentionMask.Full), Gen.Constant(AttentionMask.Causal), from left in Size(20) select AttentionMask.Window(left, 0))
        from family in Gen.Elements(InputFamily.Normal, InputFamily.Peaked, InputFamily.Outliers, InputFamily.Cancelling, InputFamily.Constant)
        from seed in Gen.Choose(1, 1_000_000)
        from injection in Gen.Frequency((7, Gen.Constant<NonFinite?>(null)), (1, InjectionsInto("x", "wv")))
        select new GateCase(
            new LayerProblem(new(batch, kvHeads * @group, kvHeads, queries, keys, headDim, mask), width, hidden),
            injection is null ? family : InputFamily.Normal, seed)
        { Injection = injection };

    private static Gen<NonFinite?> Injections => InjectionsInto("q", "k", "v");

    private static Gen<NonFinite?> InjectionsInto(params string[] operands) =>
        from operand in Gen.Elements(operands)
        from value in Gen.Elements(float.NaN, float.PositiveInfinity, float.NegativeInfinity)
        select (NonFinite?)new NonFinite(operand, value);

    /// <summary>Cases from a seed.</summary>
    /// <param name="count">Of each kind of problem: a kernel gets those of its operation's kind.</param>
    /// <param name="seed">The seed.</param>
    public static IReadOnlyList<GateCase> Of(int count, int seed) =>
        count == 0 ? [] : [.. cases.Sample(count, new Rnd((ulong)seed), 1), .. layers.Sample(count, new Rnd((ulong)seed), 1)];

    /// <summary>1 … most, often awkward, and often small where most is large.</summary>
    private static Gen<int> Size(int most)
    {
        int[] fitting = [.. awkward.Where(size => size < most), most];
        return Gen.Frequency((4, Gen.Elements(fitting)), (1, Gen.Choose(1, most)));
    }

    /// <summary>Every kind of mask of this suite but the one that is read from a file.</summary>
    private static Gen<AttentionMask> Masks(int tokens)
    {
        Gen<int> length = Size(Math.Max(2, tokens)), few = Gen.Choose(1, 9), block = Gen.Choose(16, 128), any = Gen.Choose(0, 1000);
        Gen<string> names = Gen.OneOf(
            Gen.OneOf(Gen.Constant("full"), Gen.Constant("causal"), Gen.Constant("causal-topleft")),
            from left in length from right in Gen.Choose(0, 20) select $"window{left - 1}+{right}",
            from left in few from right in Gen.Choose(0, 9) from rate in few select $"dilated{left}+{right}x{rate}",
            from segment in length
            from rate in few
            from factor in few
            select $"longnet{Math.Max(segment, rate)}x{rate}+{Math.Max(segment, rate) * factor}x{Math.Min(Math.Max(segment, rate) * factor, rate * factor)}",
            from size in block from percent in Gen.Choose(1, 100) from seed in any select $"blocks{size}-p{percent}-seed{seed}",
            from size in block
            from window in few
            from global in Gen.Choose(0, 3)
            from random in Gen.Choose(0, 5)
            from seed in any
            select $"bigbird{size}-w{2 * window - 1}-g{global}-r{random}-seed{seed}",
            from window in length from global in Gen.Choose(0, 20) select $"longformer{2 * window}-g{global}",
            from stride in length select $"strided{stride}",
            from size in length from summary in few select $"fixed{size}-c{Math.Min(size, summary)}");
        return from plain in Gen.Elements(true, false)
               from contiguous in Gen.Elements("full", "full", "causal", "causal", "causal-topleft")
               from name in names
               select MaskName.Parse(plain ? contiguous : name)!;
    }
}
