using System.Collections.Immutable;
using Kernels.Abstractions;
using Xunit;

namespace Kernels.Tests;

/// <summary>What <see cref="PreparedCall"/> promises of bad operands holds for every kernel alike.</summary>
public sealed unsafe class BadArgumentTests
{
    private static readonly AttentionProblem[] problems =
    [
        .. new[]
        {
            "b2-h4/2-q9-k12-d16", "b2-h4/2-q12-k12-d16-causal", "b2-h4/2-q12-k12-d16-window4", "b2-h4/2-q2-k12-d16", "b2-h4/2-q12-k12-d16-causal-m24-f20",
            "b2-h3-q17-k17-d4-m24-f20",
        }.Select(ProblemName.Parse),
    ];

    public static TheoryData<string> Names => KernelNames.All;

    [Theory]
    [MemberData(nameof(Names))]
    public void Operands_of_another_name_shape_or_type_are_refused(string name)
    {
        using var memory = new Memory(KernelNames.Available(name));
        for (int place = 0; place < memory.Tensors.Length; place++)
        {
            Operand right = memory.Tensors[place].Operand;
            Layout shape = right.Layout;
            Layout longer = Layout.Of(TokenOrder.HeadMajor, shape.Batch, shape.Heads, shape.Tokens + 1, shape.Channels);
            Assert.Contains(right.Name, memory.Refusal(place, right with { Layout = longer }), StringComparison.Ordinal);
            Element other = right.Element == Element.Float16 ? Element.Float32 : Element.Float16;
            string wrongType = memory.Refusal(place, right with { Element = other });
            Assert.Contains(right.Name, wrongType, StringComparison.Ordinal);
            Assert.Contains(other.Text(), wrongType, StringComparison.Ordinal);
            Assert.Contains(right.Element.Text(), wrongType, StringComparison.Ordinal);
            Assert.Contains("nothing", memory.Refusal(place, right with { Name = "nothing" }), StringComparison.Ordinal);
        }
        Assert.Contains("bytes of memory", Assert.Throws<ArgumentException>(() => memory.Call(bytes: memory.Needed - 1)).Message, StringComparison.Ordinal);
        memory.Call(memory.Needed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Overlapping_memory_is_refused(string name)
    {
        using var memory = new Memory(KernelNames.Available(name));
        Tensor[] inputs = [.. memory.Tensors.Where(tensor => tensor.Operand.Role == Role.Input)];
        int place = Array.FindIndex(memory.Tensors, tensor => tensor.Operand.Role != Role.Input);
        Operand o = memory.Tensors[place].Operand;
        Assert.All(inputs, input => Assert.Throws<ArgumentException>(() => memory.With(place, new Tensor(input.Start, o))));
        Assert.All(inputs, input => Assert.Throws<ArgumentException>(() => memory.With(place, new Tensor((byte*)input.Start + input.Operand.Bytes - 2, o))));
        if (memory.Needed > 0)
            Assert.Throws<ArgumentException>(() => memory.With(place, new Tensor(memory.Scratch, o)));
        // Inputs are only read, so they may be the same memory.
        Tensor largest = inputs.MaxBy(input => input.Operand.Bytes);
        for (int other = 0; other < memory.Tensors.Length; other++)
        {
            if (memory.Tensors[other].Operand.Role == Role.Input)
                memory.With(other, new Tensor(largest.Start, memory.Tensors[other].Operand));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_problem_that_the_kernel_does_not_take_is_refused_with_the_reason(string name)
    {
        Kernel kernel = KernelNames.Find(name);
        AttentionProblem[] candidates = [.. problems, ProblemName.Parse("h1-q3-k4-d3000"), ProblemName.Parse("h1-q4-k3-d8-causal-topleft")];
        foreach (AttentionProblem problem in candidates)
        {
            if (kernel.WhyNot(problem) is { } reason)
                Assert.Contains(reason, Assert.Throws<NotSupportedException>(() =>
                    new PreparedCall(kernel, problem, [], null, 0, SerialExecutor.Instance)).Message);
        }
    }

    /// <summary>Memory for all operands of a call, and scratch.</summary>
    private sealed class Memory : IDisposable
    {
        private readonly Kernel kernel;
        private readonly AttentionProblem problem;
        private readonly nint start;

        public Memory(Kernel kernel)
        {
            this.kernel = kernel;
            problem = problems.First(each => kernel.WhyNot(each) is null);
            ImmutableArray<Operand> operands = kernel.Info.Operation.Operands(problem, kernel.Info.Format);
            Needed = PreparedCall.MemoryBytes(kernel.Plan(problem), SerialExecutor.Instance);
            start = (nint)System.Runtime.InteropServices.NativeMemory.AllocZeroed((nuint)(operands.Sum(Whole) + Needed + 64));
            Tensors = new Tensor[operands.Length];
            byte* next = (byte*)start;
            for (int i = 0; i < Tensors.Length; i++)
            {
                Tensors[i] = new Tensor(next, operands[i]);
                next += Whole(operands[i]);
            }
            Scratch = next;
        }

        public Tensor[] Tensors { get; }

        public byte* Scratch { get; }

        public long Needed { get; }

        public PreparedCall Call(long bytes) => new(kernel, problem, Tensors, Scratch, bytes, SerialExecutor.Instance);

        public PreparedCall With(int place, Tensor tensor)
        {
            Tensor[] changed = [.. Tensors];
            changed[place] = tensor;
            return new(kernel, problem, changed, Scratch, Needed, SerialExecutor.Instance);
        }

        public string Refusal(int place, Operand operand) =>
            Assert.Throws<ArgumentException>(() => With(place, new Tensor(Tensors[place].Start, operand))).Message;

        public void Dispose() => System.Runtime.InteropServices.NativeMemory.Free((void*)start);

        private static long Whole(Operand operand) => (operand.Bytes + 63) / 64 * 64;
    }
}
