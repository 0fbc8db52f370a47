using Kernels.Abstractions;

namespace Kernels.Flash.Tiles;

/// <summary>Where the rows of a query tile are.</summary>
internal interface ITileRows
{
    /// <summary>Rows in the tile, 1 … <see cref="Primitives.InstructionSets.IInstructionSet.QueryRows"/>.</summary>
    int Rows { get; }

    /// <summary>Whether the rows are evenly spaced in every tensor.</summary>
    bool IsEvenlySpaced { get; }

    /// <summary>Elements from the beginning of a tensor with a row for each query and head to a row of the tile.</summary>
    nint Offset(in Layout layout, int row);
}
