namespace Kernels.Tests.Cuda.Ptx;

/// <summary>Who read some bytes of global memory in a launch, as far as a write to them must know it.</summary>
/// <param name="Scope">What all of them are in.</param>
/// <param name="Last">The last of them.</param>
internal readonly record struct Readers(ReaderScope Scope, GridThread Last)
{
    public Readers With(GridThread reader) => new(Joined(reader), reader);

    /// <summary>Whether all have met the writer, or are the writer, since they read.</summary>
    public bool AreBefore(GridThread writer) => Joined(writer) switch
    {
        ReaderScope.Thread => true,
        ReaderScope.Warp => Last.Meetings < writer.Meetings,
        ReaderScope.Block => Last.Barriers < writer.Barriers,
        _ => false,
    };

    private ReaderScope Joined(GridThread other)
    {
        ReaderScope both = Scope == ReaderScope.Nobody || Last.Number == other.Number ? ReaderScope.Thread
            : Last.Block != other.Block ? ReaderScope.Grid
            : Last.Warp != other.Warp ? ReaderScope.Block
            : ReaderScope.Warp;
        return both > Scope ? both : Scope;
    }
}

/// <summary>The smallest part of a launch that some threads are in.</summary>
internal enum ReaderScope
{
    Nobody,
    Thread,
    Warp,
    Block,
    Grid,
}
