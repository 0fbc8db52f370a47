using FsCheck;
using FsCheck.Fluent;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests;

/// <summary>
/// What is known of positions, embeddings and patches without computing them, as properties of naive and tiled kernels: they need no reference, so they would
/// find a mistake that kernels and reference share.
/// </summary>
public sealed class EndFactsTests
{
    private const float Tolerance = 2e-5f;
    private const int Problems = 15;

    private static readonly Gen<Sizes> sizes =
        from batch in Gen.Choose(1, 3)
        from tokens in Gen.Choose(3, 80)
        from width in Gen.Choose(2, 70)
        from hidden in Gen.Choose(5, 90)
        from seed in Gen.Choose(1, 1_000_000)
        select new Sizes(batch, tokens, width, hidden, seed);

    public static TheoryData<string> Ways => ["naive", "tiled"];

    /// <summary>Without positions an embedding does not know the order of tokens; sinusoids and learned rows give it one.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void Permuted_ids_give_permuted_rows_only_without_positions(string way) => ForAll(given =>
    {
        // One id more than once would hide a change of places.
        LayerProblem problem = given.Problem(batch: 1, hidden: Math.Max(given.Hidden, given.Tokens));
        return new[] { Operations.EmbeddingPlain, Operations.EmbeddingSinusoidal, Operations.Embedding }.All(operation =>
        {
            using Inputs inputs = Create(operation, problem, given.Seed);
            float[] rows = Run(way, operation, inputs);
            inputs["ids"].Reverse();
            float[] reversed = Run(way, operation, inputs);
            return Near(Reversed(reversed, problem.Width), rows, Tolerance) == (operation.Positions == Positions.None);
        });
    });

    /// <summary>The scalar product of two sinusoidal positions depends on their distance only (Vaswani et al. 2017, section 3.5).</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void Products_of_sinusoids_depend_on_distance_only(string way) => ForAll(given =>
    {
        // Each sine has its cosine.
        LayerProblem problem = given.Problem(width: 2 * given.Width);
        using Inputs inputs = Create(Operations.EmbeddingSinusoidal, problem, given.Seed);
        inputs["table"].Clear();
        float[] rows = Run(way, Operations.EmbeddingSinusoidal, inputs);
        return Enumerable.Range(1, problem.Queries - 1).All(distance => Enumerable.Range(0, problem.Queries - distance).All(token =>
            Math.Abs(Product(rows, problem.Width, token, token + distance) - Product(rows, problem.Width, 0, distance)) <= Tolerance * problem.Width));
    });

    /// <summary>The last tokens of a sequence have the rows that they have in the whole.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void Last_tokens_have_their_own_positions(string way) => ForAll(given =>
        new[] { Operations.EmbeddingSinusoidal, Operations.Embedding }.All(operation =>
        {
            LayerProblem whole = given.Problem(batch: 1), last = new(new(1, 1, 1, 2, given.Tokens, 2), whole.Width, whole.Hidden);
            using Inputs all = Create(operation, whole, given.Seed), few = Create(operation, last, given.Seed);
            all["ids"][^2..].CopyTo(few["ids"]);
            foreach (string name in all.Names.Where(name => name != "ids"))
                all[name].CopyTo(few[name]);
            return Near(Run(way, operation, few), Run(way, operation, all).AsSpan(^(2 * whole.Width)..), 1e-6f);
        }));

    /// <summary>Ids, as many rows of the table, positions and output; not a table of 50,257 words for two tokens.</summary>
    [Fact]
    public void An_embedding_reads_rows_of_its_tokens()
    {
        var problem = new LayerProblem(new(3, 1, 1, 2, 5, 8), 8, 50257);

        Assert.Equal(sizeof(float) * (6 + 6 * 8 + 2 * 8 + 6 * 8), Operations.Embedding.Bytes(problem, Format.Float32));
        // No more rows than the table has.
        Assert.Equal(sizeof(float) * (6 + 4 * 8 + 6 * 8), Operations.EmbeddingPlain.Bytes(new LayerProblem(new(3, 1, 1, 2, 5, 8), 8, 4), Format.Float32));
    }

    [Theory]
    [InlineData("embedding", "embedding")]
    [InlineData("embedding-sinusoidal", "embedding")]
    [InlineData("patches", "embedding")]
    [InlineData("vocabulary", "vocabulary")]
    public void Ends_tell_what_their_stages_are_part_of(string operation, string part)
    {
        Plan plan = KernelSelection.One($"layers-tiled-{operation}").Plan(new LayerProblem(new(2, 3, 3, 17, 17, 4), 24, 50));

        Assert.Equal(plan.Stages.Length, plan.Parts.Length);
        Assert.All(plan.Parts, each => Assert.Equal(part, each));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 4)]
    [InlineData(5, 0)]
    [InlineData(-1, 4)]
    [InlineData(-5, 0)]
    [InlineData(1.5f, 2)]
    [InlineData(2.5f, 2)]
    [InlineData(-0.2f, 0)]
    [InlineData(16777216f, 1)]
    [InlineData(float.NaN, -1)]
    [InlineData(float.PositiveInfinity, -1)]
    public void Any_finite_number_names_a_row(float id, int row) => Assert.Equal(row, Embedding.RowOf(id, 5));

    [Theory]
    [InlineData(float.MaxValue)]
    [InlineData(float.MinValue)]
    [InlineData(float.Epsilon)]
    public void However_large_it_is(float id) => Assert.InRange(Embedding.RowOf(id, 50257), 0, 50256);

    /// <summary>
    /// A window slides over a sequence that begins with other rows: the same rows at later places, with the same rows around them, give the same outputs,
    /// because rotary scores know only distances (Su et al. 2021, section 3.1).
    /// </summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void Rotary_layers_know_distances_and_not_places(string way) => ForAll(given =>
    {
        const int Window = 4, Before = 37;
        LayerProblem Of(int tokens) => new(new(1, 4, 2, tokens, tokens, 8, AttentionMask.Window(Window, 0)), given.Width, given.Hidden);
        LayerProblem here = Of(given.Tokens + Window), later = Of(given.Tokens + Window + Before);
        using Inputs first = Create(Operations.LlamaLayer, here, given.Seed), second = Create(Operations.LlamaLayer, later, given.Seed);
        foreach (string name in first.Names.Where(name => name != "x"))
            first[name].CopyTo(second[name]);
        first["x"].CopyTo(second["x"][(Before * given.Width)..]);
        int known = Window * given.Width;
        return Near(
            Run(way, Operations.LlamaLayer, second).AsSpan(Before * given.Width + known), Run(way, Operations.LlamaLayer, first).AsSpan(known), 10 * Tolerance);
    });

    /// <summary>Queries and keys of zeros see all that they may alike: under a causal mask, the mean of the past.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void One_head_without_queries_gives_the_mean_of_the_past(string way) => ForAll(given =>
    {
        int width = given.Width, tokens = given.Tokens;
        var problem = new LayerProblem(new(1, 1, 1, tokens, tokens, width, AttentionMask.Causal), width, given.Hidden);
        using Inputs inputs = Create(Operations.MultiHead, problem, given.Seed);
        foreach (string name in inputs.Names.Where(name => name != "x"))
            inputs[name].Clear();
        for (int c = 0; c < width; c++)
            inputs["wv"][c * width + c] = inputs["wo"][c * width + c] = 1;
        float[] x = inputs["x"].ToArray(), y = Run(way, Operations.MultiHead, inputs);
        return Enumerable.Range(0, tokens * width).All(i =>
            Math.Abs(y[i] - Enumerable.Range(0, i / width + 1).Average(token => (double)x[token * width + i % width])) <= Tolerance);
    });

    /// <summary>Patches that change places change the rows of their tokens, and the class token sees none of them.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void Mirrored_patches_give_mirrored_rows_without_positions(string way) => ForAll(given =>
    {
        (LayerProblem problem, int side) = given.Image();
        int d = problem.HeadDim, width = problem.Width, row = side * d;
        using Inputs inputs = Create(Operations.Patches, problem, given.Seed);
        inputs["positions"].Clear();
        float[] before = Run(way, Operations.Patches, inputs), image = inputs["image"].ToArray();
        // The columns of patches from right to left, each as it was.
        for (int i = 0; i < image.Length; i++)
            inputs["image"][i / row * row + (side - 1 - i % row / d) * d + i % d] = image[i];
        float[] after = Run(way, Operations.Patches, inputs);
        return Enumerable.Range(0, problem.Batch * problem.Queries).All(token =>
        {
            (int batch, int patch) = (token / problem.Queries, token % problem.Queries - 1);
            int other = patch < 0 ? token : batch * problem.Queries + 1 + patch / side * side + side - 1 - patch % side;
            return Near(after.AsSpan(token * width, width), before.AsSpan(other * width, width), Tolerance);
        });
    });

    /// <summary>A matrix that picks one number of a patch gives that pixel: channel, row and column of it, in this order.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void A_matrix_of_one_number_picks_a_pixel(string way) => ForAll(given =>
    {
        (LayerProblem problem, int side) = given.Image();
        int d = problem.HeadDim, pixels = side * d, channel = given.Seed % problem.Heads, line = given.Seed / 7 % d, column = given.Seed / 77 % d;
        using Inputs inputs = Create(Operations.Patches, problem, given.Seed);
        foreach (string name in inputs.Names.Where(name => name != "image"))
            inputs[name].Clear();
        inputs["w"][((channel * d + line) * d + column) * problem.Width] = 1;
        float[] y = Run(way, Operations.Patches, inputs), image = inputs["image"].ToArray();
        return Enumerable.Range(0, problem.Batch * side * side).All(i =>
        {
            (int batch, int patch) = Math.DivRem(i, side * side);
            int place = ((batch * problem.Heads + channel) * pixels + patch / side * d + line) * pixels + patch % side * d + column;
            return y[(batch * problem.Queries + 1 + patch) * problem.Width] == image[place];
        });
    });

    private static void ForAll(Func<Sizes, bool> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Problems).WithReplay(20261128, 1), Prop.ForAll(sizes.ToArbitrary(), holds));

    private static Inputs Create(LayerOperation operation, LayerProblem problem, int seed) =>
        References.Suite.Of(operation).CreateInputs(problem, InputFamily.Normal, seed);

    private static float[] Run(string way, LayerOperation operation, Inputs inputs)
    {
        Kernel kernel = KernelNames.Available($"layers-{way}-{operation.Name}");
        using var buffers = new CallBuffers(kernel, inputs, SerialExecutor.Instance);
        buffers.PoisonOutputs();
        buffers.Memory.Fill((uint)Poison.NaN);
        buffers.Call.Run();
        return buffers.Read(operation.OutputGroups[0][0]);
    }

    private static bool Near(ReadOnlySpan<float> a, ReadOnlySpan<float> b, float tolerance)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (!(MathF.Abs(a[i] - b[i]) <= tolerance))
                return false;
        }
        return a.Length == b.Length;
    }

    private static float[] Reversed(float[] rows, int width) => [.. rows.Chunk(width).Reverse().SelectMany(row => row)];

    private static double Product(float[] rows, int width, int a, int b) =>
        Enumerable.Range(0, width).Sum(c => (double)rows[a * width + c] * rows[b * width + c]);

    private sealed record Sizes(int Batch, int Tokens, int Width, int Hidden, int Seed)
    {
        public LayerProblem Problem(int? batch = null, int? width = null, int? hidden = null) =>
            new(new(batch ?? Batch, 1, 1, Tokens, Tokens, 2), width ?? Width, hidden ?? Hidden);

        /// <summary>Images of 1 … 6 patches a side.</summary>
        public (LayerProblem Problem, int Side) Image()
        {
            int side = 1 + Seed % 6, tokens = side * side + 1;
            return (new(new(Batch, 1 + Tokens % 4, 1, tokens, tokens, 1 + Hidden % 7), Width), side);
        }
    }
}
