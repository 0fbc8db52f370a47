namespace Kernels.Abstractions;

/// <summary>The keys that some query sees, under a mask that is not contiguous.</summary>
internal static class SeenKeys
{
    /// <summary>Keys of all kv heads of one sequence that some query of some of their heads sees.</summary>
    public static long Count(AttentionProblem problem)
    {
        long count = 0;
        int group = problem.Heads / problem.KvHeads;
        for (int kvHead = 0; kvHead < problem.KvHeads; kvHead++)
        {
            var unseen = new Unseen(problem.Keys);
            // Under most patterns the first rows together see every key, which ends the loops early.
            for (int head = kvHead * group; head < (kvHead + 1) * group && unseen.Count > 0; head++)
                for (int part = 0; part < problem.Mask.Parts && unseen.Count > 0; part++)
                    unseen.Remove(problem.Head(head), problem.Mask.Part(part));
            count += problem.Keys - unseen.Count;
        }
        return count;
    }

    private sealed class Unseen(int keys)
    {
        private readonly bool[] seen = new bool[keys];

        public int Count { get; private set; } = keys;

        public void Remove(in MaskedHead head, PatternPart part)
        {
            for (int group = 0; group < part.Groups(head) && Count > 0; group++)
            {
                TokenRun rows = part.Rows(head, group);
                int cursor = 0;
                // Some row sees each key of a run.
                while (rows.Count > 0 && Count > 0 && part.TryNext(head, group, rows, ref cursor, out TokenRun keys, out _))
                    for (int i = 0; i < keys.Count; i++)
                        Remove(keys[i]);
            }
        }

        private void Remove(int key)
        {
            Count -= seen[key] ? 0 : 1;
            seen[key] = true;
        }
    }
}
