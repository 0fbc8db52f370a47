using Kernels.Abstractions;

namespace Kernels.Layers;

/// <summary>A kernel with an attention kernel in it, which can be another one.</summary>
public interface IAroundCore
{
    /// <summary>The same kernel around another one; its name is <c>this+other</c>.</summary>
    /// <param name="core">A kernel of the layer's <see cref="LayerOperation.Core"/> in float32.</param>
    Kernel Around(Kernel core);
}
