namespace Kernels.Flash.Tiles;

/// <summary>The keys and values of one block in float32, in the tensors or copied to scratch.</summary>
/// <param name="keys">[keys, headDim], the first key.</param>
/// <param name="keyStride">Floats from one key to the next.</param>
/// <param name="values">[keys, valueDim], the first value; each can be read in whole vectors.</param>
/// <param name="valueStride">Floats from one value to the next.</param>
internal readonly unsafe struct KeyValueBlock(float* keys, nint keyStride, float* values, nint valueStride)
{
    /// <summary>[keys, headDim], the first key.</summary>
    public float* Keys => keys;

    /// <summary>Floats from one key to the next.</summary>
    public nint KeyStride => keyStride;

    /// <summary>[keys, valueDim], the first value; each can be read in whole vectors.</summary>
    public float* Values => values;

    /// <summary>Floats from one value to the next.</summary>
    public nint ValueStride => valueStride;
}
