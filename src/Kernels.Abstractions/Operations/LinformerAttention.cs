namespace Kernels.Abstractions;

/// <summary>
/// Softmax attention on keys and values that a random matrix E mixes down to a fixed number of rows, after Linformer (Wang et al. 2020,
/// equation 7): softmax(Q(EK)ᵀ·scale)(EV). Linformer learns its matrices; here E is drawn, with entries ±1/√length of equal probability
/// (Achlioptas 2003, theorem 1.1), the same for keys and values and for all heads. Each row of EK mixes all keys, so the only mask is
/// the full one.
/// </summary>
public sealed record LinformerAttention : AttentionOperation
{
    /// <summary>Rows whose signs fit one word of <see cref="Signs"/>.</summary>
    public const int WordRows = 64;

    /// <summary>Default number of rows of E, which <see cref="Name"/> omits.</summary>
    public const int UsualLength = 256;

    /// <summary>The most rows of E: with 256 channels, EK and EV take 2 GiB for each kv head.</summary>
    public const int MostRows = 1 << 20;

    /// <summary>Defines the projection.</summary>
    /// <param name="length">Rows of E, a positive multiple of 64, at most <see cref="MostRows"/>.</param>
    /// <param name="seed">Seed of E.</param>
    /// <exception cref="ArgumentException">The length is not such a multiple, or too large.</exception>
    public LinformerAttention(int length = UsualLength, int seed = 1)
    {
        if (length < 1 || length % WordRows != 0)
            throw new ArgumentException($"The projected length must be a positive multiple of {WordRows}, but is {length}.", nameof(length));
        if (length > MostRows)
        {
            throw new ArgumentException(
                $"The projected length can be at most {MostRows}, but is {length}: what is projected would not fit into memory.", nameof(length));
        }
        Length = length;
        Seed = seed;
    }

    /// <summary>Rows of E; a multiple of 64.</summary>
    public int Length { get; }

    /// <summary>Seed of E.</summary>
    public int Seed { get; }

    /// <inheritdoc/>
    public override string Name => (Length == UsualLength ? "linformer" : $"linformer{Length}") + (Seed == 1 ? "" : $"-seed{Seed}");

    /// <inheritdoc/>
    public override string Formula => $"softmax(Q(EK)ᵀ·scale)(EV), E {Length} × keys of ±1/√{Length} with seed {Seed}, full mask";

    /// <summary>Size of the entries of E.</summary>
    public double Entry => 1 / Math.Sqrt(Length);

    /// <summary>
    /// The signs of one key's column of E, as bits: bit r of word w belongs to row 64·w + r, and is set where the entry is negative.
    /// </summary>
    public ulong Signs(int key, int word) => SeededNormal.Bits(Seed, key, word);

    /// <summary>Whether the entry of a row and key is negative.</summary>
    public bool IsNegative(int row, int key) => (Signs(key, row / WordRows) >> (row % WordRows) & 1) != 0;

    /// <inheritdoc/>
    protected override string? WhyNot(AttentionProblem problem) =>
        problem.Mask is FullMask ? null : $"each projected key mixes all keys, so none can be hidden: it takes no {problem.Mask} mask";

    /// <inheritdoc/>
    /// <remarks>EK and EV, and attention of every query on their rows.</remarks>
    protected override double Flops(AttentionProblem problem) => StateFlops(problem, Length) * (1 + (double)problem.HeadDim / problem.ValueDim);

    /// <inheritdoc/>
    /// <remarks>EK and EV.</remarks>
    public override double StateLength(AttentionProblem problem) => PerKvHead(problem, Length, problem.HeadDim + problem.ValueDim);
}
