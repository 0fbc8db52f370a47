namespace Kernels.Abstractions;

/// <summary>The order of the numbers of a matrix of weights in memory.</summary>
public enum WeightOrder
{
    /// <summary>[in, out], a row for each number of x: y = x·W.</summary>
    InOut,

    /// <summary>[out, in], a row for each number of y, as checkpoints have them (torch.nn.Linear): y = x·Wᵀ.</summary>
    OutIn,
}
