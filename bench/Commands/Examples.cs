namespace Kernels.Bench.Commands;

/// <summary>Command lines that <c>--help</c> shows; a test parses each of them.</summary>
internal static class Examples
{
    /// <summary>How the program is started from a checkout.</summary>
    public const string Program = "dotnet run -c Release --project bench --";

    /// <summary>Arguments, by verb; the empty verb is the program itself.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Of { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        [""] = ["", "run --help", "list"],
        ["run"] =
        [
            "run",
            "run --suite full --out reports/mine",
            "run --suite captured",
            "run --kernels 'flash-*,naive-three-pass' --shapes gpt2-small,b1-h8/2-q512-k512-d64-causal --threads 1,all",
            "run --kernels 'simd-*' --lengths 128..4096 --masks full,causal --budget 60",
            "run --peers --clean-environment --kernels 'flash-*,peer-*' --lengths 128..4096",
            "run --kernels 'simd-*' --shapes h32/8-q1-k4096-d128 --cold --disassembly",
        ],
        ["compare"] =
        [
            "compare naive-three-pass flash-avx2-6x16",
            "compare simd-avx512 flash-avx512-interleaved --lengths 512..4096 --masks full,causal --threads 1,all --json compared.json",
            "compare flash-avx512-interleaved --shapes h8-q2048-d64 --threads 1 --processes 5",
            "compare simd-avx512 flash-decode-avx512 --shapes h32/8-q1-k32768-d128 --cold",
            "compare peer-onnxruntime-mha flash-avx512-interleaved --peers --lengths 128..4096",
        ],
        ["compare-runs"] =
        [
            "compare-runs reports/my-machine/2026-11-22T0830-quick reports/my-machine/2026-11-23T0830-quick",
            "compare-runs before after --fail-above 5% --json changes.json",
        ],
        ["model"] =
        [
            "model fetch minilm",
            "model run minilm --text 'The cat sat on the mat' --text 'A feline rested on the rug'",
            "model compare minilm --lengths 16,128,512 --threads 1",
            "model capture minilm --file texts.txt --out captured",
            "model capture minilm --text 'The cat sat down' --out captured --format safetensors",
            "model generate --shape tinystories-260k --tokens 64",
            "model generate --shape llama3-8b --layers 2 --vocabulary 32000 --weights bfloat16 --threads all",
            "model generate --file llama.gguf --ids 1,15043 --temperature 0.8",
        ],
        ["attend"] =
        [
            "attend --text \"The animal didn't cross the street because it was tired\"",
            "attend --model minilm --layer 4 --head 2 --png head.png --text 'The cat sat down' --to 'Le chat dort'",
            "attend --model training/winograd --text \"The animal didn't cross the street because it was too wide\"",
        ],
        ["train"] =
        [
            "train winograd",
            "train copy --out ladder --threads 2",
            "train winograd --out trained --seed 2 --kernels flash-backward-portable,layers-naive-projection-backward",
            "train --resume trained",
        ],
        ["dev"] =
        [
            "dev naive-online-softmax",
            "dev flash-avx2-6x16 --shape gpt2-small --watch",
            "dev my-flash --assembly my-kernels/out/mykernels.dll --watch",
        ],
        ["benchmark"] =
        [
            "benchmark --kernels flash-avx2-6x16 --shapes h8-q512-d64 --threads 1",
            "benchmark --kernels 'simd-*' --shapes h8-q512-d64 --threads 1 -- --job short --disasm --disasmDepth 3",
        ],
        ["verify"] =
        [
            "verify",
            "verify --kernels my-kernel --shapes h8/2-q197-d80 --masks full,causal,window128",
            "verify --kernels 'flash-*' --depth full --seeds 1,2,3 --inputs resonance,outliers",
            "verify --kernels 'flash-*' --inputs captured",
            "verify --kernels my-kernel --generated 500 --case-limit 10",
            "verify --wrong-kernels --json verdicts.json",
            "verify --peers --kernels 'peer-*'",
            "verify --assembly my-kernels/out/mykernels.dll --kernels my-flash",
        ],
        ["list"] = ["list", "list --kernels 'flash-*'", "list --peers", "list --json", "list --suites",
            "list --masks", "list --masks longnet64x1+256x4,strided32", "list --markdown docs/kernels.md"],
        ["report"] =
        [
            "report reports/my-machine/2026-11-22T0830-quick",
            "report reports/my-machine/2026-11-22T0830-quick reports/other-machine/2026-11-23T1015-quick --out reports/both",
            "report reports/my-machine/2026-11-22T0830-quick --headline README.md",
            "report --history reports/my-machine",
            "report training/winograd",
        ],
        ["apply"] =
        [
            "apply naive-online-softmax --q Q.npy --k K.npy --v V.npy --out O.npy",
            "apply flash-backward-avx2 --q Q.npy --k K.npy --v V.npy --in o=O.npy --in lse=L.npy --in do=DO.npy --out dq=DQ.npy --out dk=DK.npy --out "
                + "dv=DV.npy",
            "apply layers-tiled-projection-backward --shape h1-q64-k64-d8-m96-f192 --in x=X.npy --in w=W.npy --in dy=DY.npy --out dx=DX.npy --out dw=DW.npy",
            "apply naive-three-pass --q Q.npy --k K.npy --v V.npy --mask causal --scale 0.125 --threads 2 --out O.npy --force",
        ],
        ["new"] = ["new my-flash", "new my-retention --like linear-retention-chunked --project my-kernels"],
        ["doctor"] = ["doctor", "doctor --exp"],
        ["judge"] = ["judge --threads 2"],
        ["forward"] = ["forward simd-portable --shapes h8-q512-d64"],
    };
}
