using Kernels.Abstractions;
using Kernels.Bench.Commands;
using Kernels.Bench.Npy;
using Xunit;

namespace Kernels.Tests.CommandLine;

public sealed class ApplyTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("naive-three-pass", "full", "1")]
    [InlineData("naive-three-pass", "causal", "2")]
    [InlineData("simd-portable", "window10", "all")]
    [InlineData("FLASH-portable-6x8", "causal", "3")]
    public async Task Grouped_heads_are_computed_as_the_oracle_does(string kernel, string mask, string threads)
    {
        int[] shape = [2, 4, 9, 6];
        (float[] q, float[] k, float[] v) = (Save("q.npy", 1, shape), Save("k.npy", 2, 2, 2, 11, 6), Save("v.npy", 3, 2, 2, 11, 6));

        CommandRun run = await Apply(kernel, "--mask", mask, "--scale", "0.25", "--threads", threads);

        run.RequireSuccess();
        Assert.Contains("b2-h4/2-q9-k11-d6", run.Output);
        Assert.Contains("72 of 72 rows", run.Output);
        Assert.Matches("verdict +right", run.Output);
        (IReadOnlyList<int> writtenShape, float[] output) =
            NpyFiles.Read(await File.ReadAllBytesAsync(folder.File("o.npy"), TestContext.Current.CancellationToken));
        Assert.Equal(shape, writtenShape);
        Assert.True(MaskName.TryParse(mask, out AttentionMask? parsed));
        Assert.Equal(Expected(new AttentionProblem(2, 4, 2, 9, 11, 6, parsed, 0.25f), q, k, v), output.Select(x => (double)x), Near);
    }

    [Fact]
    public async Task Gradients_take_the_results_of_the_forward_pass()
    {
        SaveAll([4, 5, 8], [2, 7, 8]);
        float[] gradO = Save("do.npy", 4, 4, 5, 8);
        Assert.Equal(ExitCode.Ok, (await Apply("naive-online-lse", "--out", Named("lse"))).ExitCode);

        CommandRun run = await CommandRun.Of(Backward(Named("do"), Named("dq"), Named("dk"), Named("dv")));

        run.RequireSuccess();
        Assert.Equal([4, 5, 8], Read("dq").Shape);
        Assert.Equal([2, 7, 8], Read("dk").Shape);
        // The weights of a query add up to 1, so the sums of dV over keys are those of dO over the queries of the heads.
        float[] gradV = Read("dv").Values;
        for (int column = 0; column < 16; column++)
        {
            (int head, int channel) = Math.DivRem(column, 8);
            double Sum(float[] numbers, int tokens) => Enumerable.Range(0, tokens).Sum(token => (double)numbers[(head * tokens + token) * 8 + channel]);
            Assert.Equal(Sum(gradO, 10), Sum(gradV, 7), 1e-5);
        }
    }

    [Theory]
    [InlineData("naive-linear-elu-backward")]
    [InlineData("linear-elu-backward-chunked")]
    public async Task Gradients_of_linear_attention_take_its_output(string kernel)
    {
        SaveAll([4, 5, 8], [2, 5, 8]);
        float[] gradO = Save("do.npy", 4, 4, 5, 8);
        Assert.Equal(ExitCode.Ok, (await Apply("linear-elu-recurrent", "--mask", "causal")).ExitCode);
        string[] results = [Named("dq"), Named("dk"), Named("dv")];

        CommandRun run = await CommandRun.Of(
        [
            "apply", kernel, "--mask", "causal", .. from name in new[] { "q", "k", "v", "o", "do" } from word in new[] { "--in", Named(name) } select word,
            .. from result in results from word in new[] { "--out", result } select word,
        ]);

        run.RequireSuccess();
        Assert.Matches("verdict +right", run.Output);
        // The first query sees one key, whose weight does not depend on the query.
        Assert.All(Read("dq").Values[..8], number => Assert.Equal(0, number, 1e-6));
        Assert.Equal(gradO.Sum(number => (double)number), Read("dv").Values.Sum(number => (double)number), 1e-5);
    }

    [Fact]
    public async Task Gradients_of_a_layer_take_its_sizes_by_name()
    {
        float[] x = Save("x.npy", 1, 2, 3, 5), dy = Save("dy.npy", 2, 2, 3, 4);
        Save("w.npy", 3, 5, 4);

        CommandRun run = await CommandRun.Of(Projection("b2-h1-q3-k3-d2-m5-f4"));

        run.RequireSuccess();
        Assert.Equal([2, 1, 3, 5], Read("dx").Shape);
        Assert.Equal([4], Read("db").Shape);
        (IReadOnlyList<int> shape, float[] values) = Read("dw");
        Assert.Equal([5, 4], shape);
        for (int i = 0; i < 20; i++)
            Assert.Equal(Enumerable.Range(0, 6).Sum(row => (double)x[row * 5 + i / 4] * dy[row * 4 + i % 4]), values[i], 1e-5);
    }

    [Theory]
    [InlineData("b2-h1-q3-k3-d2-m5-f6", "w must be [1, 1, 5, 6], but is [5, 4].")]
    [InlineData("b2-h1-q3-k3-d2", "--shape: projection-backward is defined on problems of layers")]
    [InlineData(null, "projection-backward is part of a layer, whose sizes the files do not tell")]
    public async Task Sizes_of_a_layer_must_be_those_of_its_files(string? shape, string line)
    {
        Save("x.npy", 1, 2, 3, 5);
        Save("dy.npy", 2, 2, 3, 4);
        Save("w.npy", 3, 5, 4);
        Assert.StartsWith(line, await CommandRun.Refused(Projection(shape)));
        Assert.False(File.Exists(folder.File("dx.npy")));
    }

    [Fact]
    public async Task Sizes_by_name_and_options_of_attention_exclude_each_other()
    {
        SaveAll([4, 5, 8], [2, 7, 8]);
        Assert.StartsWith("--shape is that of layers", await Refused("--shape", "h1-q3-k3-d2-m5-f4"));
        Assert.StartsWith("--mask is that of attention alone", await CommandRun.Refused([.. Projection("h1-q3-k3-d2-m5-f4"), "--mask", "causal"]));
    }

    [Fact]
    public async Task Gradients_need_files_that_fit()
    {
        SaveAll([4, 5, 8], [2, 7, 8]);
        Save("o.npy", 4, 4, 5, 8);
        Save("lse.npy", 5, 4, 5);
        Save("do.npy", 6, 4, 5, 7);

        Assert.Contains("do must be [1, 4, 5, 8], but is [4, 5, 7]", await CommandRun.Refused(Backward(Named("do"), Named("dq"))));
        Assert.Contains("The input do is missing", await CommandRun.Refused(Backward(null, Named("dq"))));
        Assert.Contains("no such operand; it has dq, dk, dv", await CommandRun.Refused(Backward(Named("do"), folder.File("o2.npy"))));
        Assert.Contains("is given for two results", await CommandRun.Refused(Backward(Named("do"), Named("dq"), $"dk={folder.File("dq.npy")}")));
        Assert.DoesNotContain("dq.npy", folder.Files);
    }

    [Fact]
    public async Task The_result_has_the_rank_of_the_queries()
    {
        SaveAll([3, 5, 8], [3, 7, 8]);
        CommandRun run = await Apply("naive-triple-loop");
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal([3, 5, 8], NpyFiles.Read(await File.ReadAllBytesAsync(folder.File("o.npy"), TestContext.Current.CancellationToken)).Shape);
        Assert.Equal(["k.npy", "o.npy", "q.npy", "v.npy"], folder.Files);
    }

    [Fact]
    public async Task A_wrong_result_is_not_written()
    {
        // Scores of 10⁴⁰ are infinite in float32, but not in the oracle.
        SaveAll([1, 4, 8], [1, 4, 8], 1e20f);
        CommandRun run = await Apply("naive-triple-loop");
        Assert.Equal(ExitCode.Failed, run.ExitCode);
        Assert.Contains("naive-triple-loop is wrong: NaN", run.Error);
        Assert.Matches("verdict +WRONG", run.Output);
        Assert.DoesNotContain("o.npy", folder.Files);
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_only_by_force()
    {
        SaveAll([1, 4, 8], [1, 4, 8]);
        float[] mine = Save("o.npy", 4, 7);
        Assert.Contains("--force", await Refused());
        Assert.Equal(mine, NpyFiles.Read(await File.ReadAllBytesAsync(folder.File("o.npy"), TestContext.Current.CancellationToken)).Values);
        CommandRun run = await Apply("naive-triple-loop", "--force");
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(["k.npy", "o.npy", "q.npy", "v.npy"], folder.Files);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mine")]
    public async Task What_is_no_npy_file_is_never_replaced(string content)
    {
        SaveAll([1, 4, 8], [1, 4, 8]);
        await File.WriteAllTextAsync(folder.File("o.npy"), content, TestContext.Current.CancellationToken);
        Assert.Contains("is left alone", await Refused("--force"));
        Assert.Equal(content, await File.ReadAllTextAsync(folder.File("o.npy"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(new[] { 4, 8 }, new[] { 4, 8 }, "q is [4, 8], but must be [heads, tokens, channels]")]
    [InlineData(new[] { 1, 1, 1, 4, 8 }, new[] { 1, 4, 8 }, "but must be [heads, tokens, channels]")]
    [InlineData(new[] { 1, 4, 8 }, new[] { 1, 1, 4, 8 }, "a batch dimension or none")]
    [InlineData(new[] { 2, 1, 4, 8 }, new[] { 1, 1, 4, 8 }, "batches must be equal")]
    [InlineData(new[] { 1, 4, 8 }, new[] { 1, 4, 6 }, "channels must be equal")]
    [InlineData(new[] { 4, 4, 8 }, new[] { 3, 4, 8 }, "4 heads cannot be shared evenly by 3 kv heads")]
    public async Task Shapes_must_fit(int[] query, int[] key, string expected)
    {
        SaveAll(query, key);
        Assert.Contains(expected, await Refused());
    }

    [Fact]
    public async Task Keys_and_values_must_have_the_same_shape()
    {
        SaveAll([1, 4, 8], [1, 4, 8]);
        Save("v.npy", 1, 1, 5, 8);
        Assert.Contains("k is [1, 4, 8] and v is [1, 5, 8]", await Refused());
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public async Task Inputs_that_are_not_finite_are_named(float value, string expected)
    {
        SaveAll([2, 3, 4], [2, 3, 4]);
        float[] v = Numbers(3, 24);
        v[17] = v[20] = value;
        NpyWriter.Write(folder.File("v.npy"), [2, 3, 4], v, overwrite: true);
        Assert.Contains($"v[1, 1, 1] is {expected}", await Refused());
    }

    [Fact]
    public async Task Files_that_are_not_there_are_named()
    {
        Assert.Contains("q.npy", await Refused());
        SaveAll([1, 4, 8], [1, 4, 8]);
        File.Delete(folder.File("k.npy"));
        Directory.CreateDirectory(folder.File("k.npy"));
        Assert.Contains("k.npy: it is a folder", await Refused());
    }

    [Fact]
    public async Task The_result_needs_a_folder_that_is_there()
    {
        SaveAll([1, 4, 8], [1, 4, 8]);
        string[] inputs = ["apply", "naive-triple-loop", "--q", folder.File("q.npy"), "--k", folder.File("k.npy"), "--v", folder.File("v.npy"), "--out"];
        Assert.Contains("does not exist", await CommandRun.Refused([.. inputs, Path.Combine(folder.File("none"), "o.npy")]));
        Assert.Contains("is a folder", await CommandRun.Refused([.. inputs, folder.File("")]));
    }

    [Theory]
    [InlineData("--mask", "casual", "Unknown mask 'casual'; the nearest are causal,")]
    [InlineData("--scale", "big", "--scale must be a number, but is 'big'")]
    [InlineData("--scale", "nan", "The scale must be finite")]
    [InlineData("--threads", "1,2", "'1,2' is not a number of threads")]
    [InlineData("--threads", "0", "'0' is not a number of threads")]
    public async Task Options_are_checked(string option, string value, string expected)
    {
        SaveAll([1, 4, 8], [1, 4, 8]);
        Assert.Contains(expected, await Refused(option, value));
    }

    [Fact]
    public async Task A_kernel_is_one_name()
    {
        string line = await CommandRun.Refused("apply", "naive-*", "--q", "q", "--k", "k", "--v", "v", "--out", "o");
        Assert.Contains("'naive-*' matches kernels, and one name is needed", line);
    }

    [Fact]
    public async Task A_tensor_that_claims_terabytes_is_refused_at_once()
    {
        SaveAll([1, 4, 8], [1, 4, 8]);
        await File.WriteAllBytesAsync(
            folder.File("q.npy"), NpyFiles.With(NpyFiles.Header(shape: "(1000000, 1000000, 8)")), TestContext.Current.CancellationToken);
        Assert.Contains("claims more than", await Refused());
    }

    private static double[] Expected(AttentionProblem problem, float[] q, float[] k, float[] v)
    {
        var output = new double[problem.QueryLength];
        int d = problem.HeadDim;
        for (int row = 0; row < output.Length / d; row++)
        {
            (int head, int query) = Math.DivRem(row, problem.Queries);
            int kvHead = head / problem.Heads * problem.KvHeads + problem.KvHead(head % problem.Heads);
            Gold.Row(
                Operations.Softmax, problem, query, q.AsSpan(head * problem.Queries * d, problem.Queries * d),
                k.AsSpan(kvHead * problem.Keys * d, problem.Keys * d), v.AsSpan(kvHead * problem.Keys * d, problem.Keys * d),
                output.AsSpan(row * d, d));
        }
        return output;
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-5;

    private static float[] Numbers(int seed, int count, float factor = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => factor * (random.NextSingle() * 4 - 2))];
    }

    private float[] Save(string file, int seed, params int[] shape) => Save(file, seed, 1, shape);

    private float[] Save(string file, int seed, float factor, int[] shape)
    {
        float[] numbers = Numbers(seed, shape.Aggregate((a, b) => a * b), factor);
        NpyWriter.Write(folder.File(file), shape, numbers, overwrite: true);
        return numbers;
    }

    private void SaveAll(int[] query, int[] key, float factor = 1)
    {
        Save("q.npy", 1, factor, query);
        Save("k.npy", 2, factor, key);
        Save("v.npy", 3, 1, key);
    }

    private string[] Arguments(string kernel, string[] more) =>
        ["apply", kernel, "--q", folder.File("q.npy"), "--k", folder.File("k.npy"), "--v", folder.File("v.npy"), "--out", folder.File("o.npy"), .. more];

    private string Named(string operand) => $"{operand}={folder.File($"{operand}.npy")}";

    private (IReadOnlyList<int> Shape, float[] Values) Read(string operand) => NpyFiles.Read(File.ReadAllBytes(folder.File($"{operand}.npy")));

    private string[] Backward(string? gradO, params string[] results) =>
    [
        "apply", "naive-backward", .. from name in new[] { "q", "k", "v", "o", "lse" } from word in new[] { "--in", Named(name) } select word,
        .. gradO is null ? (string[])[] : ["--in", gradO],
        .. from result in results from word in new[] { "--out", result } select word,
    ];

    private string[] Projection(string? shape) =>
    [
        "apply", "layers-naive-projection-backward", .. shape is null ? (string[])[] : ["--shape", shape],
        .. from name in new[] { "x", "w", "dy" } from word in new[] { "--in", Named(name) } select word,
        .. from name in new[] { "dx", "dw", "db" } from word in new[] { "--out", Named(name) } select word,
    ];

    private Task<CommandRun> Apply(string kernel, params string[] more) => CommandRun.Of(Arguments(kernel, more));

    private Task<string> Refused(params string[] more) => CommandRun.Refused(Arguments("naive-triple-loop", more));
}
