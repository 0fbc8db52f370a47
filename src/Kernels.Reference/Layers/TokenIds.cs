using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>Ids of tokens: whole numbers of a vocabulary, and in one family the numbers beside them that an embedding must understand all the same.</summary>
internal static class TokenIds
{
    /// <summary>Name of the operand.</summary>
    public const string Name = "ids";

    // Equal ids in runs, as other rows are.
    private const int Run = 3, Stride = 7;

    /// <summary>Writes ids of a vocabulary.</summary>
    public static void Fill(Span<float> ids, int vocabulary, InputFamily family, SeededNormal random)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = family switch
            {
                InputFamily.Constant => (int)((long)(i / Run) * Stride % vocabulary),
                // Negative, beyond the vocabulary, and between two whole numbers.
                InputFamily.Outliers => (float)(2 * vocabulary * random.Next()),
                _ => random.NextIndex(vocabulary),
            };
        }
    }
}
