using FsCheck;
using FsCheck.Fluent;
using Kernels.Abstractions;
using Kernels.Bench;
using Kernels.Reference;
using Kernels.Validation;
using Xunit;

namespace Kernels.Tests;

/// <summary>
/// Steps over any blocks of keys in any order give the attention over all keys: output and log-sum-exp are compared with those of
/// softmax-lse, and by the limits of a kernel that computes them at once.
/// </summary>
public sealed class StepOrderTests
{
    private static readonly Gen<AttentionProblem> problems =
        from kvHeads in Gen.Choose(1, 2)
        from perKvHead in Gen.Choose(1, 3)
        from queries in Gen.Choose(1, 5)
        from keys in Gen.Choose(1, 400)
        from headDim in Gen.Choose(1, 70)
        from mask in Gen.Elements(AttentionMask.Full, AttentionMask.Causal, AttentionMask.CausalTopLeft, AttentionMask.Window(90, 3))
        select new AttentionProblem(1, kvHeads * perKvHead, kvHeads, queries, keys, headDim, mask);

    private static readonly Gen<(AttentionProblem Problem, KeyRange[] Blocks, InputFamily Family)> cases =
        from problem in problems
        from cuts in Gen.Choose(0, problem.Keys).ListOf()
        from order in Gen.Shuffle(Blocks(problem.Keys, cuts))
        from family in Gen.Elements(InputFamily.Normal, InputFamily.Peaked, InputFamily.Climbing, InputFamily.Constant)
        select (problem, order, family);

    public static TheoryData<string> Names =>
        [.. Catalog.All.Where(kernel => kernel.Info.Operation is SoftmaxStep && kernel.Info.Format == Format.Float32).Select(kernel => kernel.Info.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Blocks_may_be_joined_in_any_order(string name)
    {
        Kernel kernel = KernelNames.Available(name);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20261127, 1),
            Prop.ForAll(cases.ToArbitrary(), each => Judge(kernel, each.Problem, each.Blocks, each.Family)));
    }

    private static KeyRange[] Blocks(int keys, IEnumerable<int> cuts)
    {
        int[] ends = [.. cuts.Append(keys).Where(cut => cut > 0).Distinct().Order()];
        return [.. ends.Select((end, i) => new KeyRange(i == 0 ? 0 : ends[i - 1], end))];
    }

    private static Property Judge(Kernel kernel, AttentionProblem problem, KeyRange[] blocks, InputFamily family)
    {
        using Inputs inputs = AttentionInputs.Create(problem, family, seed: 1);
        float[] o = new float[problem.OutputLength], lse = new float[problem.Heads * problem.Queries];
        Array.Fill(lse, float.NegativeInfinity);
        foreach (KeyRange block in blocks)
            Join(kernel, problem.Step(block), Part(inputs, problem, block), ref o, ref lse);
        Kernel atOnce = KernelNames.Find("naive-online-lse");
        Verdict verdict = Gate.Compare(atOnce, Expected.Of(atOnce.Info.Operation, inputs), [null, null, null, o, lse]);
        return verdict.Passed.Label($"{kernel.Info.Name} on {problem} {family}, blocks {string.Join(", ", blocks)}: {verdict.Message}");
    }

    private static void Join(Kernel kernel, AttentionProblem step, Dictionary<string, float[]> numbers, ref float[] o, ref float[] lse)
    {
        (numbers["o"], numbers["lse"]) = (o, lse);
        using Inputs inputs = Inputs.From(step, kernel.Info.Operation.Operands(step, Format.Float32), numbers);
        using IExecutor executor = Executors.For(kernel, 1);
        using var buffers = new CallBuffers(kernel, inputs, executor);
        buffers.Call.Run();
        (o, lse) = (buffers.Read(AttentionOperation.O), buffers.Read(AttentionOperation.Lse));
    }

    private static Dictionary<string, float[]> Part(Inputs inputs, AttentionProblem problem, KeyRange block)
    {
        float[] Rows(string operand, int channels) =>
            [.. Enumerable.Range(0, problem.KvHeads)
                .SelectMany(head => inputs.Head(operand, head).Slice(block.Begin * channels, block.Length * channels).ToArray())];
        return new() { ["q"] = inputs["q"].ToArray(), ["k"] = Rows("k", problem.HeadDim), ["v"] = Rows("v", problem.ValueDim) };
    }
}
