using System.Globalization;

namespace Kernels.Bench.Validation;

/// <summary>Which input a number that is not finite is put into.</summary>
public enum InputTensor
{
    /// <summary>Queries.</summary>
    Q,

    /// <summary>Keys.</summary>
    K,

    /// <summary>Values.</summary>
    V,
}

/// <summary>NaN or an infinity at one place of an input.</summary>
/// <param name="Tensor">The input.</param>
/// <param name="Value">NaN, +∞ or −∞.</param>
public readonly record struct NonFinite(InputTensor Tensor, float Value)
{
    /// <summary>Puts the number into the inputs.</summary>
    public void Apply(AttentionInputs inputs)
    {
        Span<float> tensor = (Tensor == InputTensor.Q ? inputs.Q : Tensor == InputTensor.K ? inputs.K : inputs.V).Span;
        // Not the first of anything: inside a later head, token and channel.
        tensor[(int)(tensor.Length * 0.635)] = Value;
    }

    /// <summary>Such as <c>k=NaN</c>.</summary>
    public override string ToString() =>
        $"{Tensor.ToString().ToLowerInvariant()}={Value.ToString(CultureInfo.InvariantCulture)}";
}
