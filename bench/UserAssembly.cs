using System.Reflection;
using Kernels.Abstractions;
using Kernels.Reference;
using Kernels.Results;

namespace Kernels.Bench;

/// <summary>
/// A user's own assembly: kernels (public classes with a constructor without parameters), references of its operations (public classes
/// whose constructor takes the operation) and masks (public records with a static property <c>Form</c>).
/// </summary>
public sealed class UserAssembly
{
    private UserAssembly(string path, IReadOnlyList<Kernel> kernels,
        IReadOnlyList<Func<Operation, OperationReference?>> references, IReadOnlyList<MaskForm> masks) =>
        (Path, Kernels, References, Masks) = (path, kernels, references, masks);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its kernels, by name.</summary>
    public IReadOnlyList<Kernel> Kernels { get; }

    /// <summary>Factories of its references, each for one type of operation.</summary>
    public IReadOnlyList<Func<Operation, OperationReference?>> References { get; }

    /// <summary>Its kinds of mask.</summary>
    public IReadOnlyList<MaskForm> Masks { get; }

    /// <summary>Loads an assembly.</summary>
    /// <param name="path">The file.</param>
    /// <param name="known">Kernels with names already in use.</param>
    /// <exception cref="UserError">It is no assembly, has no kernel, has one whose name is taken, or a constructor throws.</exception>
    public static UserAssembly Load(string path, IEnumerable<Kernel> known)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (!File.Exists(full))
            throw new UserError($"--assembly {OneLine.Quote(path)}: there is no such file.");
        Type[] types = TypesOf(path, full);
        Kernel[] kernels =
        [
            .. types.Where(type => type.IsSubclassOf(typeof(Kernel)) && type.GetConstructor([]) is not null)
                .Select(type => (Kernel)Create(path, type)).OrderBy(kernel => kernel.Info.Name, StringComparer.Ordinal),
        ];
        if (kernels.Length == 0)
            throw new UserError($"--assembly {OneLine.Quote(path)} has no kernel: a kernel is a public class that derives from Kernel and has a constructor "
                + "without parameters.");
        HashSet<string> names = [.. known.Select(kernel => kernel.Info.Name)];
        foreach (Kernel kernel in kernels)
        {
            if (!names.Add(kernel.Info.Name))
                throw new UserError($"--assembly {OneLine.Quote(path)}: {kernel.GetType().FullName} is named {kernel.Info.Name}, as another kernel is.");
        }
        return new(full, kernels, [.. types.Select(ReferenceMaker).OfType<Func<Operation, OperationReference?>>()], [.. types.Select(Form).OfType<MaskForm>()]);
    }

    private static Type[] TypesOf(string path, string full)
    {
        try
        {
            return [.. Assembly.LoadFrom(full).GetExportedTypes().Where(type => !type.IsAbstract && !type.ContainsGenericParameters)];
        }
        catch (Exception error) when (
            error is BadImageFormatException or IOException or TypeLoadException or ReflectionTypeLoadException or UnauthorizedAccessException)
        {
            throw new UserError(OneLine.Clean($"--assembly {OneLine.Quote(path)} cannot be loaded: {error.Message}"));
        }
    }

    private static object Create(string path, Type type, params object[] arguments)
    {
        try
        {
            object created = Activator.CreateInstance(type, arguments)!;
            // Reads the description here, so that an exception in it is reported here too.
            _ = created is Kernel kernel ? kernel.Info.Name : "";
            return created;
        }
        catch (Exception error)
        {
            Exception cause = error is TargetInvocationException { InnerException: { } inner } ? inner : error;
            throw new UserError(OneLine.Clean($"--assembly {OneLine.Quote(path)}: {type.FullName} cannot be created: {cause.GetType().Name}: {cause.Message}"));
        }
    }

    private static Func<Operation, OperationReference?>? ReferenceMaker(Type type)
    {
        if (!type.IsSubclassOf(typeof(OperationReference)))
            return null;
        Type? operation = type.GetConstructors().Select(each => each.GetParameters()).Where(each => each.Length == 1)
            .Select(each => each[0].ParameterType).FirstOrDefault(typeof(Operation).IsAssignableFrom);
        return operation is null ? null : asked => operation.IsInstanceOfType(asked) ? (OperationReference)Create(type.Assembly.Location, type, asked) : null;
    }

    private static MaskForm? Form(Type type) => type.IsSubclassOf(typeof(AttentionMask))
        ? type.GetProperty("Form", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as MaskForm
        : null;
}
