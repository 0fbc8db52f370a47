namespace Kernels.Tests.Cuda.Ptx;

/// <summary>
/// The asynchronous products of one warp. They are computed when they are waited for, not before; until then nobody may touch the registers or
/// write to the shared memory that they use. What a warp did to registers counts from the latest wgmma.fence on.
/// </summary>
internal sealed class AsyncProducts(SharedMemory shared, Warpgroup? warpgroup, int warp, int registers)
{
    private readonly Queue<List<AsyncProduct>> groups = [];
    private readonly bool[] inFlight = new bool[registers];
    private readonly long[] touched = new long[registers];
    private List<AsyncProduct> open = [];
    // No fence yet: nothing is ordered.
    private long now = 1, fence = -1;

    /// <summary>The warp executes an instruction that is no product.</summary>
    public void Touch(Instruction instruction)
    {
        now++;
        foreach (int register in instruction.Registers)
        {
            if (inFlight[register])
                throw new PtxException(
                    PtxComplaint.InFlight, instruction.Statement.Line, $"{instruction.Statement.Opcode} uses a register of a product that was not waited for");
            touched[register] = now;
        }
    }

    /// <summary>wgmma.fence.</summary>
    public void Fence() => fence = now;

    public void Start(AsyncProduct product)
    {
        int line = product.Line;
        if (warpgroup is null)
            throw new PtxException(PtxComplaint.Divergent, line, "the warp belongs to no four warps that multiply together");
        if (warpgroup.Start(warp, new(line, shared.Barriers, product.LeftBits, product.RightBits, product.Adds)) is { } divergent)
            throw divergent;
        foreach (int register in (int[])[.. product.Sums, .. product.LeftRegisters])
        {
            if (touched[register] > fence || fence < 0)
                throw new PtxException(PtxComplaint.Unfenced, line, "a product uses registers that were used since the last wgmma.fence");
        }
        // The order of products of one shape into the same sums is kept; of others it is not.
        IEnumerable<AsyncProduct> others = groups.Append(open).SelectMany(group => group).Where(other => !other.Sums.AsSpan().SequenceEqual(product.Sums));
        if (others.Any(other => other.Registers.Intersect(product.Registers).Any()) || product.LeftRegisters.Any(register => inFlight[register]))
            throw new PtxException(PtxComplaint.InFlight, line, "a product uses registers of another that was not waited for");
        foreach (int chunk in product.Chunks)
            shared.BeginProduct(line, chunk);
        foreach (int register in product.Registers)
            inFlight[register] = true;
        open.Add(product);
    }

    /// <summary>wgmma.commit_group.</summary>
    public void Commit()
    {
        groups.Enqueue(open);
        open = [];
    }

    /// <summary>wgmma.wait_group.</summary>
    public void Wait(Warp owner, int pending)
    {
        while (groups.Count > pending)
        {
            foreach (AsyncProduct product in groups.Dequeue())
            {
                product.Compute(owner, warp, chunk => shared.EndProduct(product.Line, chunk));
                foreach (int register in product.Registers)
                    inFlight[register] = false;
            }
        }
        foreach (AsyncProduct product in groups.Append(open).SelectMany(group => group))
        {
            foreach (int register in product.Registers)
                inFlight[register] = true;
        }
    }

    /// <summary>A thread that ends must have waited for its products.</summary>
    public void RequireNone(PtxStatement statement)
    {
        if (open.Count > 0 || groups.Any(group => group.Count > 0))
            throw new PtxException(PtxComplaint.InFlight, statement.Line, "a warp ends before its asynchronous products");
    }
}
