using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests;

/// <summary>
/// What is known of recurrent layers, additive attention and sequence to sequence without computing them, as facts of every kernel: they need no
/// reference, so they would find a mistake that kernels and reference share. Steps of 300 numbers are stages of their own, those of 20 are not.
/// </summary>
public sealed class RecurrenceTests
{
    private const float Tolerance = 1e-5f;

    private static readonly LayerProblem[] problems =
    [
        Problem(batch: 1, queries: 9, keys: 9, width: 12, hidden: 20), Problem(batch: 7, queries: 6, keys: 6, width: 33, hidden: 300),
        Problem(batch: 3, queries: 1, keys: 1, width: 1, hidden: 1), Problem(batch: 2, queries: 5, keys: 13, width: 40, hidden: 70),
        Problem(batch: 11, queries: 3, keys: 26, width: 7, hidden: 130),
    ];

    public static TheoryData<string> Recurrent => Of(operation => operation is RecurrentLayer);

    public static TheoryData<string> Additive => Of(operation => operation is AdditiveAttention);

    public static TheoryData<string> Sequences => Of(operation => operation is SequenceToSequence);

    public static TheoryData<string> All => Of(operation => operation is RecurrentLayer or AdditiveAttention or SequenceToSequence);

    /// <summary>A state depends on the rows up to its own, bit for bit; that of a decoder on its inputs up to its own.</summary>
    [Theory]
    [MemberData(nameof(Recurrent))]
    [MemberData(nameof(Sequences))]
    public void Later_rows_change_nothing(string name) => ForAll(name, (kernel, problem, inputs) =>
    {
        float[] before = Run(kernel, inputs);
        int kept = problem.Queries / 2;
        Change(inputs["x"], problem.Queries, problem.Width, kept);
        float[] after = Run(kernel, inputs);
        for (int row = 0; row < problem.Batch * problem.Queries; row++)
            Assert.Equal(row % problem.Queries < kept, Row(before, problem.Hidden, row).SequenceEqual(Row(after, problem.Hidden, row)));
    });

    /// <summary>A sequence gives in a batch what it gives alone.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Sequences_of_a_batch_are_independent(string name) => ForAll(name, (kernel, problem, inputs) =>
    {
        float[] together = Run(kernel, inputs);
        for (int batch = 0; batch < problem.Batch; batch++)
        {
            LayerProblem single = Problem(1, problem.Queries, problem.Keys, problem.Width, problem.Hidden);
            using Inputs one = new(single, kernel.Info.Operation.Operands(single, Format.Float32));
            foreach (string operand in one.Names)
            {
                int length = one[operand].Length;
                inputs[operand].Slice(inputs[operand].Length == length ? 0 : batch * length, length).CopyTo(one[operand]);
            }
            float[] alone = Run(kernel, one);
            AssertNear(alone, together.AsSpan(batch * alone.Length, alone.Length));
        }
    });

    /// <summary>Weights add up to 1 and none is negative, so that an output lies among the encoder's rows.</summary>
    [Theory]
    [MemberData(nameof(Additive))]
    public void An_output_is_a_mean_of_the_encoders_rows(string name) => ForAll(name, (kernel, problem, inputs) =>
    {
        float[] output = Run(kernel, inputs);
        Span<float> rows = inputs["c"];
        for (int i = 0; i < output.Length; i++)
        {
            int batch = i / problem.Width / problem.Queries, channel = i % problem.Width;
            float low = float.MaxValue, high = float.MinValue;
            for (int key = 0; key < problem.Keys; key++)
            {
                float number = rows[(batch * problem.Keys + key) * problem.Width + channel];
                (low, high) = (MathF.Min(low, number), MathF.Max(high, number));
            }
            Assert.InRange(output[i], low - Tolerance, high + Tolerance);
        }
    });

    /// <summary>Attention does not know the order of the encoder's rows.</summary>
    [Theory]
    [MemberData(nameof(Additive))]
    public void Permuted_rows_of_the_encoder_give_the_same_output(string name) => ForAll(name, (kernel, problem, inputs) =>
    {
        float[] before = Run(kernel, inputs);
        Reverse(inputs["c"], problem);
        AssertNear(before, Run(kernel, inputs));
    });

    /// <summary>
    /// The bottleneck: with a recurrent matrix of zeros and an update gate that keeps nothing, the last state is a function of the last row alone, and the
    /// decoder sees nothing else; one that attends sees the rest.
    /// </summary>
    [Theory]
    [MemberData(nameof(Sequences))]
    public void Without_attention_a_decoder_sees_the_last_state_alone(string name) => ForAll(name, (kernel, problem, inputs) =>
    {
        if (problem.Keys == 1)
            return;
        inputs["eu"].Clear();
        // The second third of the columns is the update gate: its bias makes it exactly zero in effect.
        inputs["ebw"].Slice(problem.Hidden, problem.Hidden).Fill(-200);
        float[] before = Run(kernel, inputs);
        Span<float> rows = inputs["c"];
        for (int row = 0; row < problem.Batch * problem.Keys; row++)
        {
            for (int c = 0; row % problem.Keys < problem.Keys - 1 && c < problem.Width; c++)
                rows[row * problem.Width + c] = -rows[row * problem.Width + c];
        }
        float[] after = Run(kernel, inputs);
        Assert.Equal(kernel.Info.Operation is SequenceToSequence { Context: DecoderContext.Last }, before.AsSpan().SequenceEqual(after));
    });

    /// <summary>A gate that keeps everything keeps the encoder's last state through the decoder.</summary>
    [Theory]
    [MemberData(nameof(Sequences))]
    public void A_closed_update_gate_hands_the_encoders_last_state_through(string name) => ForAll(name, (kernel, problem, inputs) =>
    {
        inputs["dbw"].Slice(problem.Hidden, problem.Hidden).Fill(200);
        float[] output = Run(kernel, inputs);
        for (int row = 0; row < problem.Batch * problem.Queries; row++)
            AssertNear(Row(output, problem.Hidden, row / problem.Queries * problem.Queries), Row(output, problem.Hidden, row));
    });

    /// <summary>Equal rows of an encoder leave attention nothing to choose.</summary>
    [Theory]
    [MemberData(nameof(Additive))]
    public void Equal_rows_of_the_encoder_are_the_output(string name) => ForAll(name, (kernel, problem, inputs) =>
    {
        for (int i = 0; i < inputs["c"].Length; i++)
            inputs["c"][i] = MathF.Sin(i % problem.Width);
        float[] output = Run(kernel, inputs);
        AssertNear([.. Enumerable.Range(0, output.Length).Select(i => MathF.Sin(i % problem.Width))], output);
    });

    private static LayerProblem Problem(int batch, int queries, int keys, int width, int hidden) => new(new(batch, 1, 1, queries, keys, 4), width, hidden);

    private static TheoryData<string> Of(Func<Operation, bool> wanted) => KernelNames.Where(kernel => kernel.Backend is null && wanted(kernel.Info.Operation));

    private static void ForAll(string name, Action<Kernel, LayerProblem, Inputs> check)
    {
        Kernel kernel = KernelNames.Available(name);
        foreach (LayerProblem problem in problems.Where(problem => kernel.WhyNot(problem) is null))
        {
            using Inputs inputs = References.Suite.Of(kernel.Info.Operation).CreateInputs(problem, InputFamily.Normal, seed: 3);
            check(kernel, problem, inputs);
        }
    }

    // On three threads, because a step that needs the one before must wait for all of it.
    private static float[] Run(Kernel kernel, Inputs inputs)
    {
        using IExecutor executor = Executors.For(kernel, 3);
        using var buffers = new CallBuffers(kernel, inputs, executor);
        buffers.WriteInputs();
        buffers.PoisonOutputs();
        buffers.Memory.Fill((uint)Poison.NaN);
        buffers.Call.Run();
        return buffers.Read(buffers.Operands.Length - 1);
    }

    private static Span<float> Row(float[] numbers, int width, int row) => numbers.AsSpan(row * width, width);

    // From a row of each sequence on.
    private static void Change(Span<float> x, int tokens, int width, int first)
    {
        for (int i = 0; i < x.Length; i++)
        {
            if (i / width % tokens >= first)
                x[i] = 1 - x[i];
        }
    }

    // Rows of each sequence.
    private static void Reverse(Span<float> c, LayerProblem problem)
    {
        float[] rows = c.ToArray();
        for (int row = 0; row < problem.Batch * problem.Keys; row++)
        {
            (int batch, int key) = Math.DivRem(row, problem.Keys);
            Row(rows, problem.Width, row).CopyTo(c.Slice((batch * problem.Keys + problem.Keys - 1 - key) * problem.Width, problem.Width));
        }
    }

    private static void AssertNear(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= Tolerance, $"{expected[i]} and {actual[i]} at {i}");
    }
}
