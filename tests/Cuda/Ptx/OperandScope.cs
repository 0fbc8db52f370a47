using System.Globalization;
using System.Text.RegularExpressions;

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>What the names in the operands of one entry mean.</summary>
internal sealed partial class OperandScope(
    Dictionary<string, (int Index, Width Width)> registers, Dictionary<string, int> labels, List<PtxParameter> parameters,
    IReadOnlyCollection<string> sharedSymbols)
{
    private static readonly Dictionary<string, SpecialRegister> specials = new()
    {
        ["%tid.x"] = SpecialRegister.ThreadX,
        ["%tid.y"] = SpecialRegister.ThreadY,
        ["%ctaid.x"] = SpecialRegister.BlockX,
        ["%ctaid.y"] = SpecialRegister.BlockY,
        ["%ctaid.z"] = SpecialRegister.BlockZ,
        ["%nctaid.x"] = SpecialRegister.BlocksX,
        ["%nctaid.z"] = SpecialRegister.BlocksZ,
        ["%ntid.y"] = SpecialRegister.ThreadsY,
        ["%dynamic_smem_size"] = SpecialRegister.DynamicSharedBytes,
    };

    private readonly HashSet<int> used = [];

    /// <summary>The registers that were asked for since the last call.</summary>
    public int[] TakeUsed()
    {
        int[] taken = [.. used];
        used.Clear();
        return taken;
    }

    public int Label(PtxStatement statement, string name) =>
        labels.TryGetValue(name, out int target) ? target : throw statement.Refuse($"no label {name}");

    /// <summary>A register of exactly this width.</summary>
    public int Register(PtxStatement statement, string name, Width width)
    {
        (int index, Width declared) = Find(statement, name);
        return declared == width ? index : throw statement.Refuse($"{name} is {declared}, not {width}");
    }

    /// <summary>A register that is at least as wide: a load extends what it reads, a store cuts off.</summary>
    public (int Index, Width Width) RegisterAtLeast(PtxStatement statement, string name, Width width)
    {
        (int index, Width declared) = Find(statement, name);
        return declared >= width ? (index, declared) : throw statement.Refuse($"{name} is {declared}, less than {width}");
    }

    /// <summary>The registers in braces, or the one without.</summary>
    public string[] Names(PtxStatement statement, string operand, int count)
    {
        string[] names = operand.StartsWith('{') ? [.. operand.Trim('{', '}').Split(',').Select(name => name.Trim())] : [operand];
        return names.Length == count ? names : throw statement.Refuse($"{operand} is not {count} registers");
    }

    /// <summary>A register, special register, constant, or the address of shared memory or of a parameter.</summary>
    public Operand Value(PtxStatement statement, string text, Width width)
    {
        if (specials.TryGetValue(text, out SpecialRegister special))
            return width == Width.B32 ? Operand.OfSpecial(special) : throw statement.Refuse($"{text} has 32 bits");
        if (text.StartsWith('%'))
            return Operand.OfRegister(Register(statement, text, width));
        if (text.StartsWith("0f", StringComparison.Ordinal) && width == Width.B32)
            return Operand.OfConstant(uint.Parse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
            return Operand.OfConstant((ulong)number & PtxType.Mask(width));
        if (width == Width.B64 && Symbol(text) is { } address)
            return Operand.OfConstant(address);
        throw statement.Refuse($"{text} is not known");
    }

    /// <summary><c>[register]</c>, <c>[name]</c>, either with an offset.</summary>
    public Address Address(PtxStatement statement, string text)
    {
        if (AddressForm().Match(text) is not { Success: true } match)
            throw statement.Refuse($"{text} is not an address");
        long offset = match.Groups["offset"] is { Success: true } group ? long.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
        string start = match.Groups["base"].Value;
        if (Symbol(start) is { } symbol)
            return new(Operand.OfConstant(symbol), offset);
        (int index, _) = RegisterAtLeast(statement, start, Width.B32);
        return new(Operand.OfRegister(index), offset);
    }

    // Shared memory and parameters are spaces of their own; addresses in each begin at 0.
    private ulong? Symbol(string name) =>
        sharedSymbols.Contains(name) ? 0
        : parameters.Find(parameter => parameter.Name == name) is { } found ? (ulong)found.Offset
        : null;

    private (int Index, Width Width) Find(PtxStatement statement, string name)
    {
        if (!registers.TryGetValue(name, out (int Index, Width Width) found))
            throw statement.Refuse($"no register {name}");
        used.Add(found.Index);
        return found;
    }

    [GeneratedRegex(@"^\[(?<base>[%\w$]+)(\+(?<offset>-?\d+))?\]$")]
    private static partial Regex AddressForm();
}
