using Kernels.Results;

namespace Kernels.Measurement.Runs;

/// <summary>
/// The folder of a run: <c>run.json</c>, one file in <c>cases/</c> for each case as soon as it ends, and <c>results.json</c> with
/// everything at the end. A run that is killed at any moment can be read and resumed. One process writes it at a time.
/// </summary>
public sealed class RunStore : IDisposable
{
    /// <summary>The file that exists from the beginning of a run.</summary>
    public const string HeaderFile = "run.json";

    private const string CasesFolder = "cases";

    private readonly Dictionary<string, CaseResult> cases;

    private readonly RunLock? right;

    private RunStore(string folder, RunHeader header, Dictionary<string, CaseResult> cases, IReadOnlyList<string> damaged, RunLock? right)
    {
        this.right = right;
        Folder = folder;
        Header = header;
        this.cases = cases;
        Damaged = damaged;
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The contents of <c>run.json</c>.</summary>
    public RunHeader Header { get; private set; }

    /// <summary>Files of cases that could not be read when the run was opened, each with the reason; their cases are missing.</summary>
    public IReadOnlyList<string> Damaged { get; }

    /// <summary>Begins a run in a folder that does not exist yet, or is empty.</summary>
    /// <exception cref="UserError">The folder is not empty or cannot be written.</exception>
    public static RunStore Create(string folder, RunHeader header)
    {
        RunLock? right = null;
        try
        {
            RequireEmpty(folder);
            Directory.CreateDirectory(folder);
            right = RunLock.Take(folder);
            // Another run may have come and gone in between.
            RequireEmpty(folder);
            Directory.CreateDirectory(Path.Combine(folder, CasesFolder));
            var store = new RunStore(folder, header, [], [], right);
            store.Update(header);
            return store;
        }
        catch (Exception error)
        {
            right?.Dispose();
            throw error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException
                ? new UserError($"Cannot write results to {folder}: {error.Message}")
                : error;
        }
    }

    /// <summary>Opens a run to resume it, which no other process may do meanwhile, and removes the unfinished files of one that was killed.</summary>
    /// <exception cref="UserError">There is no run, its header cannot be read, or another process is writing it.</exception>
    public static RunStore Resume(string folder)
    {
        RequireRun(folder);
        var right = RunLock.Take(folder);
        try
        {
            RunStore store = Open(folder, right);
            WholeFile.Sweep([
                Path.Combine(folder, HeaderFile), Path.Combine(folder, RunFolder.ResultsFile),
                .. store.Header.Plan.Select(planned => store.PathOf(planned.Key())),
            ]);
            return store;
        }
        catch
        {
            right.Dispose();
            throw;
        }
    }

    /// <summary>Opens a run to read it. Damaged case files are skipped and listed in <see cref="Damaged"/>.</summary>
    /// <exception cref="UserError">There is no run, or its header cannot be read.</exception>
    public static RunStore Open(string folder)
    {
        RequireRun(folder);
        return Open(folder, right: null);
    }

    private static RunStore Open(string folder, RunLock? right)
    {
        string headerPath = Path.Combine(folder, HeaderFile);
        try
        {
            RequireSchema(headerPath);
            RunHeader header = JsonFile.Read<RunHeader>(headerPath, out string? damage)
                ?? throw new UserError($"{headerPath} is damaged: {damage}.");
            (Dictionary<string, CaseResult> cases, List<string> damaged) = ReadCases(Path.Combine(folder, CasesFolder), header.Plan);
            return new RunStore(folder, header, cases, damaged, right);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"Cannot read the run in {folder}: {error.Message}");
        }
    }

    /// <summary>Whether the case is on disk.</summary>
    public bool Has(string key) => cases.ContainsKey(key);

    /// <summary>Writes a case.</summary>
    /// <exception cref="IOException">The disk is full or not available; earlier files are kept.</exception>
    public void Save(CaseResult result)
    {
        string key = KeyOf(result);
        JsonFile.Write(PathOf(key), result);
        cases[key] = result;
    }

    /// <summary>Replaces the header.</summary>
    /// <exception cref="IOException">The disk is full or not available; the old header is kept.</exception>
    public void Update(RunHeader header)
    {
        JsonFile.Write(Path.Combine(Folder, HeaderFile), header);
        Header = header;
    }

    /// <summary>
    /// Header and cases together, the cases in the order of the plan, with shares of the latest ceilings.
    /// </summary>
    public RunResults Assemble() => Header.Results with
    {
        Cases = [.. Header.Plan.Where(each => Has(each.Key())).Select(each => Shown(cases[each.Key()]))],
    };

    /// <summary>Writes <c>results.json</c>.</summary>
    /// <exception cref="IOException">The disk is full or not available; the cases are kept.</exception>
    public RunResults WriteResults()
    {
        RunResults results = Assemble();
        JsonFile.Write(Path.Combine(Folder, RunFolder.ResultsFile), results);
        return results;
    }

    /// <summary>A case with its shares of the ceilings; without figures where they are more than the machine can reach.</summary>
    public CaseResult Shown(CaseResult result) => CeilingShares.Of(result, Header.Results);

    /// <summary>Lets other processes write the run.</summary>
    public void Dispose() => right?.Dispose();

    private string PathOf(string key) => Path.Combine(Folder, CasesFolder, key + ".json");

    private static void RequireEmpty(string folder)
    {
        if (File.Exists(folder) || Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any(path => Path.GetFileName(path) != RunLock.File))
            throw new UserError($"{folder} exists, and results are never overwritten; give another --out, or continue it with --resume.");
    }

    private static void RequireRun(string folder)
    {
        if (!File.Exists(Path.Combine(folder, HeaderFile)))
            throw new UserError($"{folder} holds no run: there is no {HeaderFile}.");
    }

    private static (Dictionary<string, CaseResult> Cases, List<string> Damaged) ReadCases(string folder, IReadOnlyList<PlannedName> plan)
    {
        Dictionary<string, CaseResult> cases = [];
        List<string> damaged = [];
        foreach (PlannedName planned in plan)
        {
            string path = Path.Combine(folder, planned.Key() + ".json");
            if (!File.Exists(path))
                continue;
            CaseResult? result = JsonFile.Read<CaseResult>(path, out string? damage);
            if (result is not null && KeyOf(result) == planned.Key())
                cases[planned.Key()] = result;
            else
                damaged.Add($"{path}: {damage ?? "it is the result of another case"}");
        }
        return (cases, damaged);
    }

    private static string KeyOf(CaseResult result) => CaseResult.Key(result.Kernel, result.Problem, result.Threads);

    // Results of an earlier version can be read, but resuming such a run would mix two builds.
    private static void RequireSchema(string path)
    {
        int? version = JsonFile.Read<SchemaOfHeader>(path, out _)?.Results?.SchemaVersion;
        if (version is { } known && known != RunResults.CurrentSchemaVersion)
            throw new UserError($"{path} has version {known}; this program goes on with runs of version {RunResults.CurrentSchemaVersion}.");
    }

    private sealed record SchemaOfHeader(SchemaOfResults? Results);

    private sealed record SchemaOfResults(int? SchemaVersion);
}
