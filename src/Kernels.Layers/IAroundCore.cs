using Kernels.Abstractions;

namespace Kernels.Layers;

/// <summary>A kernel with an attention kernel in it, which can be another one.</summary>
public interface IAroundCore
{
    /// <summary>The same kernel around another one; its name is <c>this+other</c>.</summary>
    /// <param name="core">A kernel of one of <see cref="AttentionLayer.Attentions"/> in float32; with another one than softmax the layer is another
    /// operation.</param>
    Kernel Around(Kernel core);
}
