namespace Kernels.Tests.Cuda.Ptx;

/// <summary>Makes an instruction of a statement whose opcode is known.</summary>
internal delegate Instruction Decoder(PtxStatement statement, OperandScope scope);

/// <summary>
/// The opcodes that the interpreter executes, each by its whole string: .ftz, .sat, rounding and shape are part of what an instruction does, and
/// one that is not listed here is refused, never approximated by another.
/// </summary>
internal static class OpcodeTable
{
    private static readonly Dictionary<string, Decoder> decoders =
        new IReadOnlyDictionary<string, Decoder>[]
        {
            IntegerOpcodes.All, FloatOpcodes.All, MoveOpcodes.All, MemoryOpcodes.All, WarpOpcodes.All, WarpgroupOpcodes.All, IlgpuOpcodes.All,
        }.SelectMany(family => family).ToDictionary();

    public static IReadOnlyCollection<string> Opcodes => decoders.Keys;

    public static Instruction Decode(PtxStatement statement, OperandScope scope)
    {
        if (!decoders.TryGetValue(statement.Opcode, out Decoder? decoder))
            throw statement.Refuse("the opcode is not on the list");
        Instruction instruction = Decoded(decoder, statement, scope);
        if (statement.Predicate is { } predicate)
            instruction.Predicate = scope.Register(statement, predicate, Width.Predicate);
        instruction.Registers = scope.TakeUsed();
        return instruction;
    }

    private static Instruction Decoded(Decoder decoder, PtxStatement statement, OperandScope scope)
    {
        try
        {
            return decoder(statement, scope);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or IndexOutOfRangeException or OverflowException)
        {
            throw statement.Refuse(error.Message.ReplaceLineEndings(" "));
        }
    }
}
