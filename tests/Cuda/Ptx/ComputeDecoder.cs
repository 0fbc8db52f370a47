namespace Kernels.Tests.Cuda.Ptx;

/// <summary>Decoders of instructions that compute one register from up to three operands of the widths given.</summary>
internal static class ComputeDecoder
{
    public static Decoder Unary(Width target, Width a, Func<ulong, ulong> function) =>
        Make(target, [a], (x, _, _) => function(x));

    public static Decoder Binary(Width target, Width a, Width b, Func<ulong, ulong, ulong> function) =>
        Make(target, [a, b], (x, y, _) => function(x, y));

    public static Decoder Ternary(Width target, Width a, Width b, Width c, Func<ulong, ulong, ulong, ulong> function) =>
        Make(target, [a, b, c], function);

    private static Decoder Make(Width target, Width[] sources, Func<ulong, ulong, ulong, ulong> function) => (statement, scope) =>
    {
        if (statement.Operands.Length != sources.Length + 1)
            throw statement.Refuse($"it takes {sources.Length + 1} operands");
        Operand At(int index) => index < sources.Length
            ? scope.Value(statement, statement.Operands[index + 1], sources[index])
            : Operand.OfConstant(0);
        return new ComputeInstruction(statement, scope.Register(statement, statement.Operands[0], target), At(0), At(1), At(2), function);
    };
}
