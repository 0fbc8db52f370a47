namespace Kernels.Tests.Cuda.Ptx;

/// <summary>A number that an instruction reads, one for each of the 32 lanes of a warp: a register, a constant or a special register.</summary>
internal sealed class Operand
{
    private readonly int register = -1;
    private readonly SpecialRegister special;
    private readonly ulong[]? constant;

    private Operand(int register) => this.register = register;

    private Operand(SpecialRegister special) => this.special = special;

    private Operand(ulong constant)
    {
        this.constant = new ulong[Warp.Lanes];
        Array.Fill(this.constant, constant);
    }

    public static Operand OfRegister(int register) => new(register);

    public static Operand OfSpecial(SpecialRegister special) => new(special);

    public static Operand OfConstant(ulong constant) => new(constant);

    public ReadOnlySpan<ulong> Values(Warp warp) =>
        register >= 0 ? warp.Register(register)
        : constant is not null ? constant
        : warp.Special(special);
}
