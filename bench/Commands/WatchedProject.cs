using Kernels.Measurement.Runs;
using Kernels.Results;

namespace Kernels.Bench.Commands;

/// <summary>What <c>dev --watch</c> builds: the program of the checkout, or the project of a user's own assembly.</summary>
/// <param name="File">The project.</param>
/// <param name="Sources">The folder whose files are watched.</param>
/// <param name="Assembly">The name of the user's assembly in the folder of the build; null for the program.</param>
internal sealed record WatchedProject(string File, string Sources, string? Assembly)
{
    /// <summary>The project of the assembly, which lies in its folder or above; of the checkout when there is none.</summary>
    /// <exception cref="UserError">There is no such project, or several assemblies.</exception>
    public static WatchedProject Of(IReadOnlyList<UserAssembly> assemblies)
    {
        if (assemblies.Count > 1)
            throw new UserError("--watch builds one project; give one --assembly.");
        if (assemblies is [{ Path: { } assembly }])
        {
            for (DirectoryInfo? folder = Directory.GetParent(assembly); folder is not null; folder = folder.Parent)
                if (folder.GetFiles("*.csproj") is [{ } found])
                    return new(found.FullName, folder.FullName, Path.GetFileName(assembly));
            throw new UserError($"--watch: there is no project in the folders above {assembly}.");
        }
        string root = RunFolders.Root(), program = Path.Combine(root, "bench", "Kernels.Bench.csproj");
        return System.IO.File.Exists(program)
            ? new(program, Path.Combine(root, "src"), Assembly: null)
            : throw new UserError("--watch builds the checkout that the current folder is in, or the project of --assembly; there is neither here.");
    }
}
