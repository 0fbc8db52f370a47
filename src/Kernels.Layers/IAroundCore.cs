using Kernels.Abstractions;

namespace Kernels.Layers;

/// <summary>A kernel with an attention kernel in it, which can be another one.</summary>
public interface IAroundCore
{
    /// <summary>The same kernel around another one; its name is <c>this+other</c>.</summary>
    /// <param name="core">A kernel of <see cref="Operations.Softmax"/>, or of <see cref="Operations.LinearElu"/>, which makes the layer another operation, in
    /// float32.</param>
    Kernel Around(Kernel core);
}
