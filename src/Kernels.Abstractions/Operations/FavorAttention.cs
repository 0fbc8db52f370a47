namespace Kernels.Abstractions;

/// <summary>
/// FAVOR+ of Performer (Choromanski et al. 2021, lemma 1 and section 2.4): exp(scale·q·k) is estimated by the sum of
/// exp(ωᵢ·q')·exp(ωᵢ·k' − |k'|²/2) over orthogonal random directions ωᵢ, with k' = √|scale|·k and q' = sign(scale)·√|scale|·q. The factors
/// that all weights of a query share cancel in the division by their sum. All heads use the same directions.
/// </summary>
public sealed record FavorAttention : AttentionOperation
{
    /// <summary>Default number of directions, which <see cref="Name"/> omits.</summary>
    public const int UsualFeatures = 256;

    /// <summary>The most directions: with 256 channels they take 1 GiB.</summary>
    public const int MostFeatures = 1 << 20;

    private readonly HeadDimTable projections;

    /// <summary>Defines the random features.</summary>
    /// <param name="features">Number of directions ω, a positive multiple of 16, at most <see cref="MostFeatures"/>.</param>
    /// <param name="seed">Seed of the directions.</param>
    /// <param name="orthogonal">Whether they are orthogonal in blocks of headDim; otherwise independent.</param>
    /// <exception cref="ArgumentException">The number of features is not such a multiple, or too large.</exception>
    public FavorAttention(int features = UsualFeatures, int seed = 1, bool orthogonal = true)
    {
        if (features < 1 || features % 16 != 0)
            throw new ArgumentException($"The number of features must be a positive multiple of 16, but is {features}.", nameof(features));
        if (features > MostFeatures)
        {
            throw new ArgumentException(
                $"There can be at most {MostFeatures} features, but there are {features}: their directions would not fit into memory.",
                nameof(features));
        }
        Features = features;
        Seed = seed;
        Orthogonal = orthogonal;
        projections = new(headDim => RandomDirections.Create(headDim, features, seed, orthogonal));
    }

    /// <summary>Number of directions ω; a multiple of 16.</summary>
    public int Features { get; }

    /// <summary>Seed of the directions.</summary>
    public int Seed { get; }

    /// <summary>Whether the directions are orthogonal in blocks of headDim.</summary>
    public bool Orthogonal { get; }

    /// <inheritdoc/>
    public override string Name =>
        (Features == UsualFeatures ? "favor" : $"favor{Features}") + (Seed == 1 ? "" : $"-seed{Seed}") + (Orthogonal ? "" : "-independent");

    /// <inheritdoc/>
    public override string Formula =>
        $"φ(Q)(φ(K)ᵀV) / φ(Q)(φ(K)ᵀ1), φᵢ(x) = exp(ωᵢ·x − |x|²/2), {Features} {(Orthogonal ? "orthogonal" : "independent")} ωᵢ with seed {Seed}, x = "
            + "√scale·q or k";

    /// <summary>The directions as columns, [headDim, features], the same array at every call.</summary>
    public ReadOnlySpan<float> Directions(int headDim) => projections.Of(headDim);

    /// <inheritdoc/>
    /// <remarks>The projection of queries and keys onto the directions, and the state.</remarks>
    protected override double Flops(AttentionProblem problem) => StateFlops(problem, Features) * (1 + (double)problem.HeadDim / problem.ValueDim);

    /// <inheritdoc/>
    /// <remarks>φ(K)ᵀV, φ(K)ᵀ1 and the largest exponent of each feature.</remarks>
    public override double StateLength(AttentionProblem problem) => PerKvHead(problem, Features, problem.ValueDim + 2);
}
