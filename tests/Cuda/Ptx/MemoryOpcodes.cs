using System.Globalization;
using static Kernels.Tests.Cuda.Ptx.Width;

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>Loads, stores and asynchronous copies. PTX ISA manual, "Data Movement and Conversion Instructions".</summary>
internal static class MemoryOpcodes
{
    public static IReadOnlyDictionary<string, Decoder> All { get; } = new Dictionary<string, Decoder>
    {
        ["ld.param.u32"] = Load(Space.Parameter, 1, B32),
        ["ld.param.v2.u32"] = Load(Space.Parameter, 2, B32),
        ["ld.param.s32"] = Load(Space.Parameter, 1, B32, signed: true),
        ["ld.param.f32"] = Load(Space.Parameter, 1, B32),
        ["ld.param.u64"] = Load(Space.Parameter, 1, B64),
        ["ld.global.f32"] = Load(Space.Global, 1, B32),
        ["ld.global.v2.f32"] = Load(Space.Global, 2, B32),
        ["ld.global.v4.f32"] = Load(Space.Global, 4, B32),
        ["ld.global.v4.u32"] = Load(Space.Global, 4, B32),
        ["ld.shared.f32"] = Load(Space.Shared, 1, B32),
        ["ld.shared.v4.f32"] = Load(Space.Shared, 4, B32),
        ["ld.shared.v4.u32"] = Load(Space.Shared, 4, B32),
        ["st.global.f32"] = Store(Space.Global, 1, B32),
        ["st.global.v2.f32"] = Store(Space.Global, 2, B32),
        ["st.global.v4.f32"] = Store(Space.Global, 4, B32),
        ["st.global.v4.u32"] = Store(Space.Global, 4, B32),
        ["st.shared.f32"] = Store(Space.Shared, 1, B32),
        ["st.shared.u32"] = Store(Space.Shared, 1, B32),
        ["st.shared.v4.f32"] = Store(Space.Shared, 4, B32),
        ["st.shared.v4.u32"] = Store(Space.Shared, 4, B32),
        ["cp.async.cg.shared.global"] = Copy("16"),
        ["cp.async.ca.shared.global"] = Copy("8"),
        ["cp.async.commit_group"] = (statement, _) => new CommitInstruction(statement),
        ["cp.async.wait_group"] = Wait,
    };

    /// <summary>Loads so many numbers of a width.</summary>
    public static Decoder Load(Space space, int count, Width width, bool signed = false) => (statement, scope) =>
    {
        string[] names = scope.Names(statement, statement.Operands[0], count);
        (int, Width)[] targets = [.. names.Select(name => scope.RegisterAtLeast(statement, name, width))];
        return new LoadInstruction(statement, space, targets, width, signed, scope.Address(statement, statement.Operands[1]));
    };

    /// <summary>Stores so many numbers of a width.</summary>
    public static Decoder Store(Space space, int count, Width width) => (statement, scope) =>
    {
        string[] names = scope.Names(statement, statement.Operands[1], count);
        Operand[] sources = [.. names.Select(name => scope.Value(statement, name, width))];
        return new StoreInstruction(statement, space, sources, width, scope.Address(statement, statement.Operands[0]));
    };

    private static Decoder Copy(string bytes) => (statement, scope) =>
        statement.Operands is [var target, var source, var copied, var size] && copied == bytes
            ? new CopyInstruction(
                statement, int.Parse(bytes, CultureInfo.InvariantCulture), scope.Address(statement, target), scope.Address(statement, source),
                scope.Value(statement, size, B32))
            : throw statement.Refuse($"copies of {bytes} bytes with a size are all that is known");

    private static Instruction Wait(PtxStatement statement, OperandScope scope) =>
        statement.Operands is [var text] && int.TryParse(text, out int pending) && pending >= 0
            ? new WaitInstruction(statement, pending)
            : throw statement.Refuse("it takes a number of groups");
}
