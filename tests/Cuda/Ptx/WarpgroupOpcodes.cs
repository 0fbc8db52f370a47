using System.Globalization;
using static Kernels.Tests.Cuda.Ptx.Width;

namespace Kernels.Tests.Cuda.Ptx;

/// <summary>
/// Products of four warps. PTX ISA manual, "Asynchronous Warpgroup Level Matrix Multiply-Accumulate Instructions", and "membar/fence" for what
/// orders shared memory before them.
/// </summary>
internal static class WarpgroupOpcodes
{
    public static IReadOnlyDictionary<string, Decoder> All { get; } = new Dictionary<string, Decoder>
    {
        ["wgmma.mma_async.sync.aligned.m64n64k16.f32.f16.f16"] = Product(HalfFormat.F16, 64),
        ["wgmma.mma_async.sync.aligned.m64n128k16.f32.f16.f16"] = Product(HalfFormat.F16, 128),
        ["wgmma.mma_async.sync.aligned.m64n64k16.f32.bf16.bf16"] = Product(HalfFormat.BF16, 64),
        ["wgmma.mma_async.sync.aligned.m64n128k16.f32.bf16.bf16"] = Product(HalfFormat.BF16, 128),
        ["wgmma.fence.sync.aligned"] = (statement, _) => new WarpgroupFenceInstruction(statement),
        ["wgmma.commit_group.sync.aligned"] = (statement, _) => new WarpgroupCommitInstruction(statement),
        ["wgmma.wait_group.sync.aligned"] = (statement, _) => new WarpgroupWaitInstruction(statement, Groups(statement)),
        ["fence.proxy.async.shared::cta"] = (statement, _) => new ProxyFenceInstruction(statement),
    };

    private static int Groups(PtxStatement statement) =>
        statement.Operands is [var text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int pending)
            ? pending
            : throw statement.Refuse("it takes a number of groups");

    // d, a, b, scale-d, imm-scale-a, imm-scale-b, imm-trans-a where a is in shared memory, imm-trans-b.
    private static Decoder Product(HalfFormat format, int columns) => (statement, scope) =>
    {
        string[] operands = statement.Operands;
        bool inRegisters = operands.Length > 1 && operands[1].StartsWith('{');
        if (operands.Length != (inRegisters ? 7 : 8) || operands[4] != "1" || operands[5] != "1" || (!inRegisters && operands[6] != "0")
            || operands[^1] is not ("0" or "1"))
            throw statement.Refuse("factors without a sign, and the left one not transposed, are all that is known");
        int[] Registers(string names, int count) => [.. scope.Names(statement, names, count).Select(name => scope.Register(statement, name, B32))];
        return new WarpgroupProductInstruction(
            statement, format, Registers(operands[0], columns / 2), inRegisters ? Registers(operands[1], 4) : [],
            inRegisters ? null : scope.Value(statement, operands[1], B64), scope.Value(statement, operands[2], B64), operands[^1] == "1",
            scope.Register(statement, operands[3], Predicate));
    };
}
