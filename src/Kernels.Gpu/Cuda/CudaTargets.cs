using System.Runtime.InteropServices;

namespace Kernels.Gpu.Cuda;

/// <summary>
/// Where an attention entry writes its rows, passed by value; it has the layout of <c>struct Targets</c> in row_end.cuh.
/// </summary>
/// <param name="Output">Address of [batch, head, query, channel], float32 or what <paramref name="Rounds"/> says.</param>
/// <param name="Lse">Address of [batch, head, query] float32, the log-sum-exp of each row; 0 for none.</param>
/// <param name="Joins">1 where both hold attention over earlier keys, to which these are joined; 0 where they are only written.</param>
/// <param name="Rounds">
/// 1 where the output has the type of the inputs, of 16 bits: only for <see cref="CudaEntries.FlashMma"/> and <see cref="CudaEntries.FlashWgmma"/>, and not
/// where rows are joined.
/// </param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct CudaTargets(ulong Output, ulong Lse, int Joins, int Rounds);
