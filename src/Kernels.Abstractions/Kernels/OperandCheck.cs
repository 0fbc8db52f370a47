using System.Collections.Immutable;

namespace Kernels.Abstractions;

/// <summary>Checks the tensors of a call against the operands of its kernel's operation.</summary>
internal static unsafe class OperandCheck
{
    /// <summary>The tensors in the order of the operands.</summary>
    public static Tensor[] InOrder(Kernel kernel, ImmutableArray<Operand> operands, ReadOnlySpan<Tensor> tensors)
    {
        foreach (Tensor given in tensors)
        {
            if (!Has(operands, given.Operand.Name))
                throw Error($"there is no operand {given.Operand.Name}; {kernel.Info.Operation} has {string.Join(", ", operands.Select(each => each.Name))}");
        }
        var inOrder = new Tensor[operands.Length];
        for (int i = 0; i < inOrder.Length; i++)
        {
            inOrder[i] = Find(operands[i].Name, tensors) ?? throw Error($"the operand {operands[i].Name} is missing");
            RequireFit(kernel, operands[i], inOrder[i].Operand);
        }
        return inOrder;
    }

    /// <summary>Requires that written memory overlaps no other memory of the call.</summary>
    public static void NothingOverlaps(Tensor[] tensors, void* memory, long bytes)
    {
        for (int i = 0; i < tensors.Length; i++)
        {
            for (int other = 0; other < tensors.Length; other++)
            {
                if (other != i && tensors[i].Operand.Role != Role.Input && tensors[i].Overlaps(tensors[other]))
                    throw new ArgumentException($"The operand {tensors[i].Operand.Name} is written, and overlaps {tensors[other].Operand.Name}.");
            }
            byte* start = (byte*)tensors[i].Start, end = start + tensors[i].Operand.Bytes;
            if (bytes > 0 && (byte*)memory < end && start < (byte*)memory + bytes)
                throw new ArgumentException($"The memory of the call overlaps the operand {tensors[i].Operand.Name}.");
        }
    }

    private static bool Has(ImmutableArray<Operand> operands, string name)
    {
        foreach (Operand each in operands)
        {
            if (each.Name == name)
                return true;
        }
        return false;
    }

    private static Tensor? Find(string name, ReadOnlySpan<Tensor> tensors)
    {
        foreach (Tensor tensor in tensors)
        {
            if (tensor.Operand.Name == name)
                return tensor;
        }
        return null;
    }

    private static void RequireFit(Kernel kernel, Operand expected, Operand given)
    {
        Layout wanted = expected.Layout, got = given.Layout;
        if ((got.Batch, got.Heads, got.Tokens, got.Channels) != (wanted.Batch, wanted.Heads, wanted.Tokens, wanted.Channels))
            throw Error($"the operand {expected.Name} must be {wanted}, but is {got}");
        if (given.Element != expected.Element)
            throw Error($"the operand {expected.Name} must be {expected.Element.Text()} for {kernel.Info.Name}, but is {given.Element.Text()}");
        if (got != wanted && !kernel.TakesStrides(expected))
            throw Error($"{kernel.Info.Name} reads rows that follow each other: the operand {expected.Name} must be {wanted}, but is {got}");
    }

    private static ArgumentException Error(string sentence) => new($"{char.ToUpperInvariant(sentence[0])}{sentence[1..]}.");
}
