namespace Kernels.Tests.Cuda.Ptx;

/// <summary>What part of a multiprocessor an instruction occupies, as far as PTX tells.</summary>
internal enum InstructionKind
{
    /// <summary>Products on tensor cores.</summary>
    Matrix,

    /// <summary>ldmatrix.</summary>
    MatrixLoad,

    /// <summary>ex2 and lg2, on the units for special functions.</summary>
    Exponential,

    /// <summary>Other arithmetic, comparisons and conversions of floats and halves.</summary>
    Float,

    /// <summary>Arithmetic and comparisons of integers, bits and predicates.</summary>
    Integer,

    /// <summary>Moves and selections; assemblers leave out most moves.</summary>
    Move,

    /// <summary>Exchange between lanes.</summary>
    Shuffle,

    /// <summary>Loads and stores of shared memory but ldmatrix, and generic ones, whose memory only their address tells.</summary>
    Shared,

    /// <summary>Loads and stores of global memory.</summary>
    Global,

    /// <summary>Copies from global to shared memory.</summary>
    Copy,

    /// <summary>Loads of parameters, which assemblers turn into constant operands.</summary>
    Parameter,

    /// <summary>Branches and returns.</summary>
    Control,

    /// <summary>Barriers of the block and of the warp.</summary>
    Barrier,

    /// <summary>Commits of, waits for and fences around asynchronous work.</summary>
    Wait,
}

/// <summary>Kinds by opcode.</summary>
internal static class InstructionKinds
{
    // The first that an opcode begins with.
    private static readonly (string Prefix, InstructionKind Kind)[] prefixes =
    [
        ("mma.", InstructionKind.Matrix),
        ("wgmma.mma_async", InstructionKind.Matrix),
        ("wgmma.", InstructionKind.Wait),
        ("fence.proxy", InstructionKind.Wait),
        ("ldmatrix.", InstructionKind.MatrixLoad),
        ("ex2.", InstructionKind.Exponential),
        ("lg2.", InstructionKind.Exponential),
        ("shfl.", InstructionKind.Shuffle),
        ("cp.async.commit_group", InstructionKind.Wait),
        ("cp.async.wait_group", InstructionKind.Wait),
        ("cp.async.", InstructionKind.Copy),
        ("ld.param.", InstructionKind.Parameter),
        ("ld.global.", InstructionKind.Global),
        ("st.global.", InstructionKind.Global),
        ("ld.", InstructionKind.Shared),
        ("st.", InstructionKind.Shared),
        ("bar.", InstructionKind.Barrier),
        ("bra", InstructionKind.Control),
        ("ret", InstructionKind.Control),
        ("mov.", InstructionKind.Move),
        ("selp.", InstructionKind.Move),
        ("cvta.", InstructionKind.Move),
    ];

    private static readonly string[] integers =
        ["add", "sub", "mul", "mad", "div", "rem", "neg", "min", "max", "and", "or", "xor", "not", "shl", "shr", "bfe", "cvt", "setp"];

    private static readonly string[] floats = ["add", "sub", "mul", "fma", "div", "rcp", "neg", "max", "cvt", "setp"];

    /// <exception cref="ArgumentException">No kind was thought of.</exception>
    public static InstructionKind Of(string opcode)
    {
        foreach ((string prefix, InstructionKind kind) in prefixes)
        {
            if (opcode.StartsWith(prefix, StringComparison.Ordinal))
                return kind;
        }
        string[] parts = opcode.Split('.');
        bool isFloat = parts.Skip(1).Any(part => part is "f16" or "f16x2" or "bf16x2" or "f32");
        return (isFloat ? floats : integers).Contains(parts[0])
            ? isFloat ? InstructionKind.Float : InstructionKind.Integer
            : throw new ArgumentException($"{opcode} is of no kind.");
    }
}
