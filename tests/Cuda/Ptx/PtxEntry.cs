namespace Kernels.Tests.Cuda.Ptx;

/// <summary>One kernel: parameters, registers and instructions, ready to run.</summary>
internal sealed class PtxEntry(string name, int line)
{
    // clang numbers those of a kernel anew in each, and has not needed a tenth.
    private const int MostRegisters = 1 << 18;

    private readonly Dictionary<string, (int Index, Width Width)> registers = [];
    private readonly List<PtxParameter> parameters = [];
    private readonly List<PtxStatement> statements = [];
    private readonly Dictionary<string, int> labels = [];

    public string Name { get; } = name;

    /// <summary>Threads of a block at most: from <c>.maxntid</c>, or what every device allows.</summary>
    public int MaxThreads { get; private set; } = 1024;

    /// <summary>Where shared memory begins: a multiple of this.</summary>
    public int SharedAlignment { get; private set; } = 1;

    public int RegisterCount => registers.Count;

    public int ParameterBytes => parameters.Count == 0 ? 0 : parameters[^1].End;

    public IReadOnlyList<PtxParameter> Parameters => parameters;

    public IReadOnlyList<PtxStatement> Statements => statements;

    /// <summary>Whether warps multiply together.</summary>
    public bool HasAsyncProducts { get; private set; }

    public IReadOnlyList<Instruction> Instructions { get; private set; } = [];

    public void AddParameter(string parameter, int bytes, int alignment)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(alignment, 1);
        int offset = (ParameterBytes + alignment - 1) / alignment * alignment;
        parameters.Add(new(parameter, offset, bytes));
    }

    public void LimitThreads(int threads) => MaxThreads = threads;

    /// <summary>Declares <c>prefix0 … prefix(count − 1)</c>.</summary>
    public void AddRegisters(string prefix, int count, Width width)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostRegisters);
        for (int i = 0; i < count; i++)
            registers.Add($"{prefix}{i}", (registers.Count, width));
    }

    /// <summary>Declares one register.</summary>
    public void AddRegister(string name, Width width) => registers.Add(name, (registers.Count, width));

    public void AddLabel(string label) => labels.Add(label, statements.Count);

    public void Add(PtxStatement statement) => statements.Add(statement);

    /// <summary>Makes instructions of the statements, once all labels are known.</summary>
    public void Link(IReadOnlyDictionary<string, int> sharedAlignments)
    {
        if (statements.Count == 0 || statements[^1] is not { Opcode: "ret" or "bra" or "bra.uni", Predicate: null })
            throw new PtxException(PtxComplaint.Unknown, line, $"{Name} ends with neither ret nor a branch");
        SharedAlignment = sharedAlignments.Values.DefaultIfEmpty(1).Min();
        var scope = new OperandScope(registers, labels, parameters, [.. sharedAlignments.Keys]);
        HasAsyncProducts = statements.Any(statement => statement.Opcode.StartsWith("wgmma.", StringComparison.Ordinal));
        Instructions = [.. statements.Select(statement => OpcodeTable.Decode(statement, scope))];
    }
}
