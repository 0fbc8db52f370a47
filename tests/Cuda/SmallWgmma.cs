using System.Runtime.InteropServices;
using Kernels.Tests.Cuda.Ptx;

namespace Kernels.Tests.Cuda;

/// <summary>
/// One product of a warpgroup in as few lines as it takes. Its parameters: an image of shared memory, the left factor as registers hold it, sums as
/// registers hold them, the output, and the descriptors of both factors.
/// </summary>
internal sealed record SmallWgmma(int Columns, string Type, bool LeftInRegisters, bool Transposed)
{
    private const int ThreadBytes = 16;

    /// <summary>Threads of a warpgroup.</summary>
    public const int Threads = 128;

    /// <summary>The sums, %f0 and on.</summary>
    public string Sums => $"{{{string.Join(", ", Enumerable.Range(0, Columns / 2).Select(i => $"%f{i}"))}}}";

    /// <summary>The start of the product, whose predicate says that it adds.</summary>
    public string Start => $$"""
        {
        .reg .pred adds;
        setp.ne.b32 adds, 1, 0;
        wgmma.mma_async.sync.aligned.m64n{{Columns}}k16.f32.{{Type}}.{{Type}} {{Sums}}, {{(LeftInRegisters ? "{%f64, %f65, %f66, %f67}" : "%rd4")}}, %rd5, adds, 1, 1{{(LeftInRegisters ? "" : ", 0")}}, {{(Transposed ? 1 : 0)}};
        }
        """;

    /// <summary>A program that starts it and waits for it.</summary>
    public string Right => $"wgmma.fence.sync.aligned;\n{Start}\nwgmma.commit_group.sync.aligned;\nwgmma.wait_group.sync.aligned 0;";

    /// <summary>Runs a program between the loads of everything and the store of the sums.</summary>
    public float[] Run(string program, byte[] image, ushort[] left, float[] sums, ulong leftBits, ulong rightBits, int threads = Threads, bool shows = true)
    {
        int pieces = image.Length / (Threads * ThreadBytes), quarters = Columns / 8;
        string Quarter(int i) => $"{{%f{4 * i}, %f{4 * i + 1}, %f{4 * i + 2}, %f{4 * i + 3}}}";
        string code =
            $$"""
            mov.u32 %r0, %tid.x;
            mul.wide.u32 %rd6, %r0, {{ThreadBytes}};
            add.s64 %rd0, %rd0, %rd6;
            add.s64 %rd1, %rd1, %rd6;
            mul.wide.u32 %rd7, %r0, {{Columns * 2}};
            add.s64 %rd2, %rd2, %rd7;
            add.s64 %rd3, %rd3, %rd7;
            {{Lines(pieces, i => $"ld.global.v4.f32 {Quarter(0)}, [%rd0+{i * Threads * ThreadBytes}];\nst.shared.v4.f32 [%rd6+{i * Threads * ThreadBytes}], {Quarter(0)};")}}
            {{(shows ? "fence.proxy.async.shared::cta;" : "")}}
            bar.sync 0;
            ld.global.v4.f32 {%f64, %f65, %f66, %f67}, [%rd1];
            {{Lines(quarters, i => $"ld.global.v4.f32 {Quarter(i)}, [%rd2+{i * 16}];")}}
            {{program}}
            {{Lines(quarters, i => $"st.global.v4.f32 [%rd3+{i * 16}], {Quarter(i)};")}}
            """;
        var memory = new GlobalMemory();
        Allocation output = memory.Output(Threads * Columns * 2);
        Arguments arguments = new Arguments().Add(memory.Input(image)).Add(memory.Input(MemoryMarshal.AsBytes<ushort>(left)))
            .Add(memory.Input(MemoryMarshal.AsBytes<float>(sums))).Add(output).Add(leftBits).Add(rightBits);
        new Grid(1, 1, 1, threads, image.Length).Run(SmallPtx.Entry(6, code), memory, arguments);
        return output.Floats.ToArray();
    }

    /// <summary>A descriptor of the manual's format with a swizzle of 128 bytes.</summary>
    public static ulong Descriptor(int start, int leading, int stride) =>
        1ul << 62 | (ulong)(uint)(stride >> 4) << 32 | (ulong)(uint)(leading >> 4) << 16 | (uint)(start >> 4);

    private static string Lines(int count, Func<int, string> line) => string.Join("\n", Enumerable.Range(0, count).Select(line));
}
