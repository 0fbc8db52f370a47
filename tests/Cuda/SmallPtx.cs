using Kernels.Tests.Cuda.Ptx;

namespace Kernels.Tests.Cuda;

/// <summary>Entries of a few lines, for tests of the interpreter itself.</summary>
internal static class SmallPtx
{
    /// <summary>The generic address of the first byte of shared memory, <see cref="Spaces.SharedWindow"/>.</summary>
    public const string Shared = "1152921504606846976";

    /// <summary>An entry whose parameters, 64-bit addresses, are in %rd0, %rd1, … when the code begins.</summary>
    public static PtxEntry Entry(int parameters, string code) => PtxModule.Parse(Text(parameters, code)).Entries["small"];

    /// <summary>The text of such an entry.</summary>
    public static string Text(int parameters, string code)
    {
        string names = string.Join(",\n", Enumerable.Range(0, parameters).Select(i => $".param .u64 small_param_{i}"));
        string loads = string.Join("\n", Enumerable.Range(0, parameters).Select(i => $"ld.param.u64 %rd{i}, [small_param_{i}];"));
        return
            $$"""
            .version 7.0
            .target sm_80
            .address_size 64
            .extern .shared .align 1024 .b8 shared_memory[];
            .visible .entry small(
            {{names}}
            )
            .maxntid 256, 1, 1
            {
            .reg .pred %p<8>;
            .reg .b16 %rs<4>;
            .reg .b32 %r<16>;
            .reg .f32 %f<80>;
            .reg .b64 %rd<16>;
            {{loads}}
            {{code}}
            ret;
            }
            """;
    }
}
