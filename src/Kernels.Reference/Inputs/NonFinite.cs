using System.Globalization;

namespace Kernels.Reference;

/// <summary>NaN or an infinity at one place of an input.</summary>
/// <param name="Operand">Name of the input.</param>
/// <param name="Value">NaN, +∞ or −∞.</param>
public readonly record struct NonFinite(string Operand, float Value)
{
    /// <summary>Puts the number into the inputs, which have no closed form then.</summary>
    public void Apply(Inputs inputs)
    {
        inputs.OneHotKeys = null;
        Span<float> numbers = inputs[Operand];
        // In a later head, token and channel, not at the beginning of one.
        numbers[(int)(numbers.Length * 0.635)] = Value;
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <exception cref="FormatException">It is not an operand and NaN, Infinity or -Infinity.</exception>
    public static NonFinite Parse(string text)
    {
        string[] parts = text.Split('=');
        return parts is [{ Length: > 0 } operand, var number]
            && float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) && !float.IsFinite(value)
            ? new(operand, value)
            : throw new FormatException($"'{text}' is not an injected number; write one like k=NaN, v=Infinity or q=-Infinity.");
    }

    /// <summary>Such as <c>k=NaN</c>.</summary>
    public override string ToString() => $"{Operand}={Value}";
}
