using System.Runtime.CompilerServices;
using Kernels.Abstractions;

namespace Kernels.Reference;

/// <summary>Which keys some query of their heads sees, computed once for the inputs of a problem.</summary>
internal sealed class KeysSeen
{
    private readonly ConditionalWeakTable<Inputs, bool[]> known = [];

    /// <summary>Whether a key of a kv head, counted through all batches, is seen.</summary>
    public bool Has(Inputs inputs, int kvIndex, int key) => known.GetValue(inputs, Find)[kvIndex * ((AttentionProblem)inputs.Problem).Keys + key];

    private static bool[] Find(Inputs inputs)
    {
        var problem = (AttentionProblem)inputs.Problem;
        bool[] seen = new bool[problem.Batch * problem.KvHeads * problem.Keys];
        for (int headIndex = 0; headIndex < problem.Batch * problem.Heads; headIndex++)
        {
            Span<bool> head = seen.AsSpan(inputs.KvIndex(headIndex) * problem.Keys, problem.Keys);
            for (int query = 0; query < problem.Queries; query++)
            {
                if (problem.Mask is FullMask && query > 0)
                    break;
                KeyRange range = problem.VisibleKeys(query);
                if (problem.Mask.IsContiguous && !range.IsEmpty)
                    head[range.Begin..range.End].Fill(true);
                for (int key = range.Begin; !problem.Mask.IsContiguous && key < range.End; key++)
                    head[key] |= problem.Mask.Count(problem.Head(headIndex % problem.Heads), query, key) > 0;
            }
        }
        return seen;
    }
}
