using System.Reflection;
using System.Text.RegularExpressions;
using Kernels.Abstractions;

namespace Kernels.Bench.Commands.Templates;

/// <summary>The files that <c>new</c> writes.</summary>
internal static partial class KernelTemplate
{
    /// <summary>The project of a library that refers to the assemblies of this program.</summary>
    public static string Project(string program) =>
        $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <AllowUnsafeBlocks>true</AllowUnsafeBlocks>
            <Optimize>true</Optimize>
          </PropertyGroup>
          <ItemGroup>
            <Reference Include="Kernels.Abstractions" HintPath="{Path.Combine(program, "Kernels.Abstractions.dll")}" Private="false" />
          </ItemGroup>
        </Project>

        """;

    /// <summary>The file of a kernel that computes the operation of another in its formats, which are those of the processor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">Its class.</param>
    /// <param name="space">Its namespace.</param>
    /// <param name="before">The kernel that it builds on.</param>
    public static string Text(string name, string type, string space, KernelInfo before)
    {
        (string summary, string members) = before.Operation switch
        {
            SoftmaxAttention or TopKAttention or LinformerAttention => RowTemplate.For(before),
            SoftmaxBackward => OfSource("ScalarBackward"),
            LinearEluBackward => OfSource("ScalarLinearEluBackward"),
            RetentionBackward => OfSource("ScalarRetentionBackward"),
            _ => StateTemplate.For(before.Operation),
        };
        string format = before.Format == Format.Float32 ? "" : $"Format = new({FullName(before.Format.Input)}, {FullName(before.Format.Output)}),";
        string text = $$"""
            using System.Runtime.InteropServices;
            using Kernels.Abstractions;

            namespace {{space}};

            /// <summary>{{summary}}: replace it with your idea.</summary>
            public sealed class {{type}} : AttentionKernel
            {
                /// <inheritdoc/>
                public override KernelInfo Info { get; } = new("{{name}}", "your idea in a line", {{Expression(before.Operation)}})
                {
                    BuildsOn = "{{before.Name}}",
                    {{format}}
                };

                {{Indented(members.Trim(), 4)}}
            }

            """;
        text = LineOfEmptyPiece().Replace(text, "");
        return text.Contains("MemoryMarshal.", StringComparison.Ordinal) ? text
            : text.Replace("using System.Runtime.InteropServices;\n", "", StringComparison.Ordinal);
    }

    /// <summary>A piece of text that is inserted after <paramref name="spaces"/>; the frame's line of an empty piece is removed.</summary>
    public static string Indented(string piece, int spaces) =>
        string.Join('\n', piece.Split('\n').Select((line, i) => i == 0 || line == "" ? line : new string(' ', spaces) + line));

    private static string FullName(Element element) => $"{nameof(Element)}.{element}";

    private static string Expression(Operation operation) => typeof(Operations).GetProperties(BindingFlags.Public | BindingFlags.Static)
        .Where(property => operation.Equals(property.GetValue(null))).Select(property => $"{nameof(Operations)}.{property.Name}").First();

    /// <summary>What follows the description in the source of a kernel of this suite, which uses nothing but the contract.</summary>
    private static (string Summary, string Members) OfSource(string type)
    {
        using Stream stream = typeof(KernelTemplate).Assembly.GetManifestResourceStream($"{type}.cs")!;
        using var reader = new StreamReader(stream);
        string source = reader.ReadToEnd().ReplaceLineEndings("\n"),
            members = source[(source.IndexOf("    };\n", StringComparison.Ordinal) + "    };\n".Length)..];
        return ("Gradients pair by pair", Outdent().Replace(members.TrimEnd()[..^1], ""));
    }

    [GeneratedRegex("^ +\n", RegexOptions.Multiline)]
    private static partial Regex LineOfEmptyPiece();

    [GeneratedRegex("^    ", RegexOptions.Multiline)]
    private static partial Regex Outdent();
}
