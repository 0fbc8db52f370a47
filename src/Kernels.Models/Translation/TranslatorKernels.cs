using Kernels.Abstractions;

namespace Kernels.Models.Translation;

/// <summary>The kernels of a translator, all in float32.</summary>
/// <param name="Embedding">Of <see cref="Operations.EmbeddingSinusoidal"/>.</param>
/// <param name="Encoder">Of <see cref="EncoderOperation"/>.</param>
/// <param name="Decoder">Of <see cref="Operations.DecoderLayer"/>.</param>
/// <param name="Vocabulary">Of <see cref="Operations.Vocabulary"/>.</param>
public sealed record TranslatorKernels(Kernel Embedding, Kernel Encoder, Kernel Decoder, Kernel Vocabulary)
{
    /// <summary>The encoder layer of the paper: norms after the sublayers, and ReLU.</summary>
    public static TransformerLayer EncoderOperation { get; } = Operations.EncoderLayer with { Activation = Activation.Relu };

    /// <summary>Checks that each computes what is asked of it.</summary>
    /// <exception cref="ArgumentException">One does not.</exception>
    internal void Require()
    {
        foreach ((Kernel kernel, Operation operation) in ((Kernel, Operation)[])
            [(Embedding, Operations.EmbeddingSinusoidal), (Encoder, EncoderOperation), (Decoder, Operations.DecoderLayer), (Vocabulary, Operations.Vocabulary)])
            kernel.Require(operation, Format.Float32);
    }
}
