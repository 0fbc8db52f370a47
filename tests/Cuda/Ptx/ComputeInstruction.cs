namespace Kernels.Tests.Cuda.Ptx;

/// <summary>A lane's result from its own operands, up to three; registers are taken as bits.</summary>
internal sealed class ComputeInstruction(
    PtxStatement statement, int target, Operand a, Operand b, Operand c, Func<ulong, ulong, ulong, ulong> function) : Instruction(statement)
{
    public override void Execute(Warp warp, uint lanes)
    {
        ReadOnlySpan<ulong> first = a.Values(warp), second = b.Values(warp), third = c.Values(warp);
        Span<ulong> result = warp.Register(target);
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            if ((lanes >> lane & 1) != 0)
                result[lane] = Compute(first[lane], second[lane], third[lane]);
        }
    }

    private ulong Compute(ulong first, ulong second, ulong third)
    {
        try
        {
            return function(first, second, third);
        }
        catch (ArithmeticException error)
        {
            throw Complain(PtxComplaint.Undefined, error.Message);
        }
    }
}
