using static Kernels.Tests.Cuda.Ptx.Width;

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>Control flow, and what lanes and warps do together. PTX ISA manual, "Control Flow", "Parallel Synchronization", "mma", "ldmatrix".</summary>
internal static class WarpOpcodes
{
    public static IReadOnlyDictionary<string, Decoder> All { get; } = new Dictionary<string, Decoder>
    {
        ["bra"] = Branch,
        ["bra.uni"] = Branch,
        ["ret"] = (statement, _) => new ReturnInstruction(statement),
        ["bar.sync"] = Barrier,
        ["bar.warp.sync"] = LaneBarrier,
        ["shfl.sync.bfly.b32"] = Shuffle,
        ["mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32"] = (statement, scope) => MatrixProduct(statement, scope, HalfFormat.F16),
        ["mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32"] = (statement, scope) => MatrixProduct(statement, scope, HalfFormat.BF16),
        ["ldmatrix.sync.aligned.m8n8.x4.shared.b16"] = (statement, scope) => LoadMatrix(statement, scope, false),
        ["ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16"] = (statement, scope) => LoadMatrix(statement, scope, true),
    };

    private static Instruction Branch(PtxStatement statement, OperandScope scope) =>
        statement is { Opcode: "bra.uni", Predicate: not null }
            ? throw statement.Refuse("a branch of all lanes that depends on the lane")
            : new BranchInstruction(statement, scope.Label(statement, statement.Operands[0]));

    private static Instruction Barrier(PtxStatement statement, OperandScope scope) =>
        statement.Operands is ["0"] ? new BarrierInstruction(statement) : throw statement.Refuse("barrier 0 of all threads is all that is known");

    private static Instruction LaneBarrier(PtxStatement statement, OperandScope scope) =>
        statement.Operands is ["-1"] ? new LaneBarrierInstruction(statement) : throw statement.Refuse("a barrier of all lanes is all that is known");

    private static Instruction Shuffle(PtxStatement statement, OperandScope scope)
    {
        Operand At(int index) => scope.Value(statement, statement.Operands[index], B32);
        return new ShuffleInstruction(statement, scope.Register(statement, statement.Operands[0], B32), At(1), At(2), At(3), At(4));
    }

    private static Instruction MatrixProduct(PtxStatement statement, OperandScope scope, HalfFormat format)
    {
        int[] At(int index, int count) => Registers(statement, scope, index, count);
        return new MatrixProductInstruction(statement, format, At(0, 4), At(1, 4), At(2, 2), At(3, 4));
    }

    private static Instruction LoadMatrix(PtxStatement statement, OperandScope scope, bool transposed) =>
        new LoadMatrixInstruction(
            statement, Registers(statement, scope, 0, 4), scope.Address(statement, statement.Operands[1]), transposed);

    private static int[] Registers(PtxStatement statement, OperandScope scope, int index, int count) =>
        [.. scope.Names(statement, statement.Operands[index], count).Select(name => scope.Register(statement, name, B32))];
}
