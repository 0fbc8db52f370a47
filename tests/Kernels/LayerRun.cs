using System.Runtime.InteropServices;
using Kernels.Abstractions;
using Kernels.Reference;
using Tensor = Kernels.Abstractions.Tensor;

namespace Kernels.Tests;

/// <summary>A layer kernel on inputs that a test changes.</summary>
internal static unsafe class LayerRun
{
    /// <summary>Inputs of a layer from a seed: N(0, 1) rows, weights that keep their size.</summary>
    public static Inputs Inputs(LayerOperation operation, LayerProblem problem, int seed) =>
        References.Suite.Of(operation).CreateInputs(problem, InputFamily.Normal, seed);

    /// <summary>An output or cache after one call on one thread.</summary>
    public static float[] Output(Kernel kernel, Inputs inputs, string name = "y")
    {
        Operand[] operands = [.. kernel.Info.Operation.Operands(inputs.Problem, Format.Float32)];
        var tensors = new Tensor[operands.Length];
        void* memory = null;
        try
        {
            for (int i = 0; i < operands.Length; i++)
            {
                tensors[i] = new Tensor(NativeMemory.AlignedAlloc((nuint)operands[i].Bytes, 64), operands[i]);
                if (operands[i].Role != Role.Output)
                    inputs[operands[i].Name].CopyTo(tensors[i].All<float>());
            }
            long bytes = PreparedCall.MemoryBytes(kernel.Plan(inputs.Problem), SerialExecutor.Instance);
            memory = NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, 1), 64);
            new PreparedCall(kernel, inputs.Problem, tensors, memory, bytes, SerialExecutor.Instance).Run();
            return tensors.Single(each => each.Operand.Name == name).All<float>().ToArray();
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
            foreach (Tensor tensor in tensors)
                NativeMemory.AlignedFree(tensor.Start);
        }
    }

    /// <summary>Whether numbers differ by float32's rounding only.</summary>
    public static bool Near(ReadOnlySpan<float> a, ReadOnlySpan<float> b, float tolerance = 2e-4f)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (!(MathF.Abs(a[i] - b[i]) <= tolerance))
                return false;
        }
        return a.Length == b.Length;
    }

    /// <summary>Rows of a width in reverse order.</summary>
    public static float[] Reversed(ReadOnlySpan<float> rows, int width)
    {
        float[] reversed = new float[rows.Length];
        for (int row = 0; row < rows.Length / width; row++)
            rows.Slice(row * width, width).CopyTo(reversed.AsSpan(rows.Length - (row + 1) * width));
        return reversed;
    }
}
