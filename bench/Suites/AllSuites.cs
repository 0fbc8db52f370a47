using Kernels.Abstractions;
using Kernels.Measurement;
using Kernels.Models;
using Kernels.Models.Captures;
using Kernels.Reference;

namespace Kernels.Bench.Suites;

/// <summary>The suites of <c>run --suite</c>.</summary>
public static class AllSuites
{
    private const string BestFlash = "flash-avx512-interleaved|flash-avx2-6x16|flash-portable-6x8";
    private const string BestSimd = "simd-avx512|simd-avx2|simd-portable";
    private const string OpenBlas = "simd-openblas-three-pass", Peers = "peer-*";

    // Attention in a layer other than its own flash attention: one that writes all scores of a tile of queries, and a linear one.
    private const string ThreePass = "+simd-avx512|+simd-avx2|+simd-portable", Linear = "+linear-elu-chunked";

    private const string NaiveMultiHead = "layers-naive-multi-head";

    // With one head of 64 channels, q, k, v and output are 1 GiB.
    private const int Million = 1 << 20;

    // 8 heads of 64 channels: small enough for a scalar kernel, and common in papers on fast attention.
    private static readonly AttentionProblem sweepHeads = new(1, 8, 8, 1, 1, 64);

    private static readonly AttentionProblem oneHead = new(1, 1, 1, 1, 1, 64);

    private static AttentionProblem MiniLmLayers => new(MiniLm.Shape.Layers, MiniLm.Shape.Heads, MiniLm.Shape.Heads, 1, 1, MiniLm.Shape.HeadDim);

    private static readonly AttentionProblem llamaHeads = NamedShapes.Llama3.Problem;

    private static readonly string[] naive = ["naive-triple-loop", "naive-three-pass", "naive-online-softmax"];

    private static readonly string[] flashDecode = ["flash-decode-portable", "flash-decode-avx2", "flash-decode-avx512"];

    private static readonly string[] cores = ["", ThreePass, Linear];

    // Not by a glob, which would match backward passes.
    private static readonly string[] linear =
        ["linear-elu-chunked", "linear-retention-chunked", "linear-delta-chunked", "linear-favor-chunked", "linear-linformer"];

    private static readonly string[] linearGradients =
        ["linear-elu-chunked", "linear-elu-backward-chunked", "linear-retention-chunked", "linear-retention-backward-chunked"];

    private static readonly SuiteKernels
        flash = new(BestFlash),
        best = flash.With(BestSimd, OpenBlas),
        dense = new("flash-portable-6x8", "flash-avx2-6x16", "flash-avx512-*", BestSimd, OpenBlas, Peers),
        ladder = new([.. naive, "simd-tensor-primitives", "simd-portable", "simd-avx*", "simd-openblas-*", "simd-top-k", "flash-portable-6x8", "flash-avx2-6x16", "flash-avx512-*", .. linear, Peers]),
        skipping = new(BestFlash, "sparse-tiles-avx512|sparse-tiles-avx2|sparse-tiles-portable", "sparse-tiles-avx2"),
        sparse = skipping.With("sparse-simulated"),
        decoding = new([.. flashDecode, "flash-decode-bf16-*", BestSimd, OpenBlas, Peers]),
        // Dense softmax attention on the processor: a sparse kernel refuses the full mask, and emulated devices are never timed.
        softmax = new([.. naive, "simd-tensor-primitives", "simd-portable", "simd-avx*", "simd-openblas-*", "flash-portable-6x8", "flash-avx2-6x16", "flash-avx512-*", .. flashDecode, "flash-bf16-*", "flash-decode-bf16-*", Peers]),
        gradients = new SuiteKernels(
            "flash-lse-avx512-interleaved|flash-lse-avx2-6x16|flash-lse-portable-6x8",
            "flash-backward-avx512|flash-backward-avx2|flash-backward-portable", "flash-backward-avx2", "peer-*-lse", "peer-*-backward").With(linearGradients),
        sequenceModels = new(
            "layers-tiled-rnn", "layers-tiled-gru", "layers-tiled-seq2seq", "layers-tiled-seq2seq-additive", "layers-tiled-seq2seq-dot",
            "layers-tiled-additive-attention", "layers-tiled-multi-head",
            "layers-tiled-multi-head+simd-avx512|layers-tiled-multi-head+simd-avx2|layers-tiled-multi-head+simd-portable", "layers-tiled-multi-head+linear-elu-chunked"),
        layerGradients = new("layers-tiled-projection-backward", "layers-tiled-norm-backward*", "layers-tiled-rope-backward"),
        // All but kernels on emulators, which are never timed and are slow in the gate.
        quick = new(
            [
                .. naive, "simd-tensor-primitives", "simd-portable", "simd-avx*", "simd-openblas-*", "simd-top-k",
                "flash-portable-6x8", "flash-avx2-6x16", "flash-avx512-*", .. flashDecode, "sparse-*",
                .. linear, "linear-*-recurrent", "gpu-opencl-*", Peers,
            ]);

    // One width of each other operation and format suffices to compare costs.
    private static readonly string[] guests =
    [
        "flash-lse-avx512-interleaved|flash-lse-avx2-6x16|flash-lse-portable-6x8",
        "flash-step-avx512-interleaved|flash-step-avx2-6x16|flash-step-portable-6x8",
        "flash-bf16-avx512-interleaved|flash-bf16-avx2-6x16|flash-bf16-portable-6x8",
    ];

    /// <summary>
    /// Every kernel on short sequences, the fast ones on the shapes of real models and on long ones; under five minutes on two cores.
    /// </summary>
    public static Suite Quick { get; } = new()
    {
        Name = "quick",
        Summary = "128 … 2048 tokens and six model shapes, under 5 minutes on 2 cores",
        Entries =
        [
            // On longer problems further scalar kernels would take too much of the time.
            .. For(quick.With(["naive-online-lse", "naive-online-step", .. guests]), Sweep("sweep", sweepHeads, AttentionMask.Full, SuiteThreads.One, 128)),
            .. For(quick, Sweep("sweep", sweepHeads, AttentionMask.Full, SuiteThreads.One, 512)),
            .. For(quick, Sweep("sweep", sweepHeads, AttentionMask.Causal, SuiteThreads.One, 256)),
            .. For(dense.With([.. flashDecode, "gpu-opencl-flash"]), Models(SuiteThreads.All)),
            .. For(dense.With([.. linear, .. guests]), Sweep("sweep", sweepHeads, AttentionMask.Causal, SuiteThreads.One, 2048)),
            .. For(dense.With(linear), Sweep("sweep", sweepHeads, AttentionMask.Full, SuiteThreads.OneAndAll, 2048)),
        ],
        CaseTime = TimeSpan.FromSeconds(0.2),
        CaseLimit = TimeSpan.FromSeconds(3.4),
        Budget = TimeSpan.FromSeconds(290),
    };

    /// <summary>More lengths, head dimensions and masks, more samples, one and all threads.</summary>
    public static Suite Full { get; } = new()
    {
        Name = "full",
        Summary = "64 … 8192 tokens, head dimensions 32 … 256, full, causal and window masks, 1 and all threads; an hour or more",
        Entries =
        [
            .. Sweep("sweep", sweepHeads, AttentionMask.Full, SuiteThreads.OneAndAll, 64, 128, 256, 512, 1024, 2048, 4096, 8192),
            .. Sweep("sweep", sweepHeads, AttentionMask.Causal, SuiteThreads.OneAndAll, 128, 256, 512, 1024, 2048, 4096, 8192),
            .. Sweep("sweep", sweepHeads, AttentionMask.Window(128, 128), SuiteThreads.OneAndAll, 512, 1024, 2048, 4096, 8192),
            .. new[] { 32, 80, 128, 256 }.SelectMany(headDim => Sweep(
                "head-dim", new AttentionProblem(1, 8, 8, 1, 1, headDim), AttentionMask.Full, SuiteThreads.One, 256, 1024)),
            .. Models(SuiteThreads.OneAndAll),
        ],
        CaseTime = TimeSpan.FromSeconds(1),
        CaseLimit = TimeSpan.FromSeconds(60),
    };

    /// <summary>One query on a growing key cache: bound by memory, not by arithmetic.</summary>
    public static Suite Decode { get; } = new()
    {
        Name = "decode",
        Summary = "one query of llama3-8b on 256 … 32768 cached keys, 1 and all threads",
        Entries =
        [
            .. DecodeEntries(AttentionMask.Causal, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768),
        ],
        CaseTime = TimeSpan.FromSeconds(0.5),
        CaseLimit = TimeSpan.FromSeconds(10),
    };

    /// <summary>Long sequences, for kernels that support them.</summary>
    public static Suite Long { get; } = new()
    {
        Name = "long",
        Summary = "2048 … 32768 tokens, full, causal and window masks, all threads",
        Entries =
        [
            .. from length in new[] { 2048, 4096, 8192, 16384, 32768 }
               from mask in new[] { AttentionMask.Window(256, 256), AttentionMask.Causal, AttentionMask.Full }
               from entry in Sweep("long", sweepHeads, mask, SuiteThreads.All, length)
               select entry,
        ],
        CaseTime = TimeSpan.FromSeconds(1),
        CaseLimit = TimeSpan.FromSeconds(120),
    };

    /// <summary>
    /// Problems for devices: enough heads and tokens to fill one, the models' shapes, and decoding. What is compared with other libraries
    /// comes first, so that a short time on a borrowed device suffices for it. The tensors of the largest case are 1 GiB.
    /// </summary>
    public static Suite Gpu { get; } = new()
    {
        Name = "gpu",
        Summary = "kernels on devices only: 512 … 16384 tokens of 16 heads, head dimensions 64 and 128, full and causal, models, decoding and gradients",
        Entries =
        [
            .. For(
                new SuiteKernels("gpu-*", "flash-cuda-f*", "flash-cuda-bf16*", "flash-cuda-wgmma-*", "flash-cuda-decode-f*", "flash-cuda-decode-bf16"),
                [
                    .. DeviceEntries("device-first", 8192),
                    .. from entry in DecodeEntries(AttentionMask.Causal, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072)
                       select entry with { Threads = SuiteThreads.All },
                    .. DeviceEntries("device", 512, 1024, 2048, 4096, 16384),
                    .. Models(SuiteThreads.All),
                ]),
            .. For(new SuiteKernels("flash-cuda-lse-*", "flash-cuda-step-*"), [.. DeviceEntries("device-lse", 6144)]),
            // Last, since o and lse of their inputs are computed in float64 on the processor.
            .. For(new SuiteKernels("flash-cuda-backward-*", "flash-cuda-lse-f32", "flash-cuda-lse-f16"), [.. DeviceEntries("device-backward", 1536, 3072)]),
        ],
        CaseTime = TimeSpan.FromSeconds(0.5),
        CaseLimit = TimeSpan.FromSeconds(20),
        Budget = TimeSpan.FromMinutes(15),
    };

    /// <summary>Each sparse pattern beside dense attention on the same lengths, and beside the same pattern as a dense mask.</summary>
    public static Suite Sparse { get; } = new()
    {
        Name = "sparse",
        Summary = "1024 … 16384 tokens under every sparse pattern and the full mask, 1 thread",
        Entries =
        [
            .. from length in new[] { 1024, 2048, 4096, 8192, 16384 }
               from mask in SparseMasks.Append(AttentionMask.Full)
               from entry in Sweep("sparse", sweepHeads, mask, SuiteThreads.One, length)
               select entry,
        ],
        CaseTime = TimeSpan.FromSeconds(1),
        CaseLimit = TimeSpan.FromSeconds(60),
    };

    /// <summary>
    /// Backward passes beside the forward passes of the same kind on the same problems: softmax attention, linear attention and retention; their rungs on the
    /// short ones.
    /// </summary>
    public static Suite Backward { get; } = new()
    {
        Name = "backward",
        Summary = "forward and backward, softmax, linear attention, retention: 512 … 8192 tokens, head dimensions 64, 128, full, causal, 1 and all threads",
        Entries =
        [
            .. from length in new[] { 512, 1024, 2048, 4096, 8192 }
               from headDim in new[] { 64, 128 }
               from mask in new[] { AttentionMask.Causal, AttentionMask.Full }
               from entry in For(
                   length <= 1024 ? gradients.With("naive-*backward", "simd-backward-*", "flash-backward-*") : gradients,
                   Sweep("backward", new AttentionProblem(1, 8, 8, 1, 1, headDim), mask, SuiteThreads.OneAndAll, length))
               select entry,
        ],
        CaseTime = TimeSpan.FromSeconds(1),
        CaseLimit = TimeSpan.FromSeconds(60),
    };

    /// <summary>
    /// The backward passes of the pieces of a layer of BERT-base, and of what Llama has in their place, on rows of the same widths; textbook kernels on few
    /// rows, and what costs float64 a minute on fewer than the rest.
    /// </summary>
    public static Suite LayersBackward { get; } = new()
    {
        Name = "layers-backward",
        Summary = "backward passes of projections, norms, feed-forward networks and rotary positions of width 768, 16 … 2048 tokens, 1 and all threads",
        Entries =
        [
            .. from length in new[] { 16, 128, 512, 2048 }
               let core = NamedShapes.BertBase.Problem
               let layer = new AttentionProblem(core.Batch, core.Heads, core.KvHeads, length, length, core.HeadDim)
               from entry in (SuiteEntry[])
               [
                   new(new NamedProblem("square-backward", new LayerProblem(layer, 768, 768)), SuiteThreads.OneAndAll)
                   {
                       Kernels = new SuiteKernels("layers-tiled-projection-backward"),
                   },
                   new(new NamedProblem("bert-base-backward", new LayerProblem(layer, 768)), SuiteThreads.OneAndAll)
                   {
                       Kernels = length switch
                       {
                           <= 16 => layerGradients.With("layers-tiled-feed-forward-backward*", "layers-naive-*-backward*"),
                           <= 512 => layerGradients.With("layers-tiled-feed-forward-backward*"),
                           _ => layerGradients,
                       },
                   },
               ]
               select entry,
        ],
        CaseTime = TimeSpan.FromSeconds(0.8),
        CaseLimit = TimeSpan.FromSeconds(120),
    };

    /// <summary>
    /// Whole layers of well-known models against length, with the shares of their parts, and the models' ends; the same with other attention in them; and multi-head
    /// attention against the width of its heads.
    /// </summary>
    public static Suite Layers { get; } = new()
    {
        Name = "layers",
        Summary = "layers and ends of MiniLM, BERT-base, GPT-2 small, ViT-B/16 and Llama 3 8B, 64 … 16384 tokens, flash, three-pass, window and linear attention, 1 thread; where their time goes; 10 minutes on 2 cores",
        Entries =
        [
            .. Model(ModelLayers.MiniLm, "encoder-layer", AttentionMask.Full, cores, 64, 256, 1024, 4096),
            .. Model(ModelLayers.MiniLm, "encoder-layer", AttentionMask.Full, ["", Linear], 16384),
            .. Model(ModelLayers.MiniLm, "encoder-layer", AttentionMask.Window(256, 256), [""], 1024, 4096, 16384),
            .. Model(ModelLayers.BertBase, "encoder-layer", AttentionMask.Full, cores, 64, 256, 1024, 4096),
            .. Model(ModelLayers.BertBase, "encoder-layer", AttentionMask.Full, [""], 128, 512, 2048),
            .. Model(ModelLayers.BertBase, "encoder-layer", AttentionMask.Window(256, 256), [""], 1024, 4096),
            .. Model(ModelLayers.Gpt2Small, "encoder-layer-pre", AttentionMask.Causal, cores, 64, 256, 1024, 4096),
            .. Model(ModelLayers.Gpt2Small, "encoder-layer-pre", AttentionMask.Window(511, 0), [""], 1024, 4096),
            // Images of 112, 224, 448 and 896 pixels.
            .. Model(ModelLayers.VitB16, "encoder-layer-pre", AttentionMask.Full, cores, 50, 197, 785, 3137),
            .. Model(ModelLayers.Llama3, "llama-layer", AttentionMask.Causal, [""], 64, 256, 1024),
            .. from headDim in new[] { 16, 32, 64, 128, 256 }
               let problem = new LayerProblem(new(1, 4, 4, 2048, 2048, headDim), 4 * headDim, 4 * headDim)
               select new SuiteEntry(new NamedProblem("head-dim", problem), SuiteThreads.One) { Kernels = new SuiteKernels("layers-tiled-multi-head") },
        ],
        CaseTime = TimeSpan.FromSeconds(0.8),
        CaseLimit = TimeSpan.FromSeconds(120),
    };

    /// <summary>What came before transformers beside self-attention, on rows and states of 512 numbers; textbook kernels where they take no seconds.</summary>
    public static Suite Recurrence { get; } = new()
    {
        Name = "recurrence",
        Summary = "RNN, GRU, sequence to sequence without and with attention, and self-attention, 16 … 4096 tokens of width 512, 1 and all threads; 6 minutes on 2 cores",
        Entries =
        [
            .. from length in new[] { 16, 64, 256, 1024, 4096 }
               let problem = new LayerProblem(new(1, 8, 8, length, length, 64), 512, 512)
               select new SuiteEntry(new NamedProblem("recurrence", problem), SuiteThreads.OneAndAll)
               {
                   Kernels = length switch
                   {
                       <= 64 => sequenceModels.With("layers-naive-rnn", "layers-naive-gru", "layers-naive-seq2seq*", "layers-naive-additive-attention", NaiveMultiHead),
                       <= 256 => sequenceModels.With(NaiveMultiHead),
                       _ => sequenceModels,
                   },
               },
        ],
        CaseTime = TimeSpan.FromSeconds(0.4),
        CaseLimit = TimeSpan.FromSeconds(120),
    };

    /// <summary>
    /// What a trained model attends with: whole texts of several lengths, its six layers as a batch. The output of every timed call is of real queries and keys,
    /// whose weights are spread over many keys in some heads and on one in others.
    /// </summary>
    public static Suite Captured { get; } = new()
    {
        Name = "captured",
        Summary = "q, k and v of all layers and heads of the trained MiniLM in texts of 16 … 512 tokens, 1 and all threads; needs model fetch minilm",
        Entries =
        [
            .. For(softmax, Sweep("minilm-captured", MiniLmLayers, AttentionMask.Full, SuiteThreads.OneAndAll, [.. CapturedAttention.UsualLengths])),
        ],
        CaseTime = TimeSpan.FromSeconds(0.3),
        CaseLimit = TimeSpan.FromSeconds(30),
        Inputs = InputFamily.Captured,
    };

    /// <summary>
    /// The problems behind the README's figures, in one run, each with only the kernels that it is about, since all kernels on all problems
    /// would take many hours. Every family is measured beside the fastest dense kernel on the same heads, masks and lengths.
    /// </summary>
    public static Suite Reference { get; } = new()
    {
        Name = "reference",
        Summary = "the problems behind the README's figures, each with the kernels that it is about; 20 minutes on 2 cores",
        Entries =
        [
            .. For(ladder, Sweep("sweep", sweepHeads, AttentionMask.Full, SuiteThreads.OneAndAll, 128, 512)),
            .. For(dense.With(linear), Sweep("sweep", sweepHeads, AttentionMask.Full, SuiteThreads.OneAndAll, 1024, 2048, 4096)),
            .. For(best.With(["flash-avx2-6x16", "flash-avx512-6x64", .. linear]), Sweep("sweep", sweepHeads, AttentionMask.Full, SuiteThreads.OneAndAll, 8192)),
            .. For(flash, Sweep("sweep", sweepHeads, AttentionMask.Full, SuiteThreads.One, 16384)),
            .. For(dense.With(linear), Sweep("sweep", sweepHeads, AttentionMask.Causal, SuiteThreads.OneAndAll, 256, 1024, 2048, 4096)),
            .. For(dense, [new SuiteEntry(NamedShapes.VitB16, SuiteThreads.OneAndAll)]),
            .. For(flash, HeadDim(128, 512, 2048, 4096, 8192)),
            .. For(dense, new[] { 40, 72, 80, 96, 128, 256 }.SelectMany(headDim => HeadDim(headDim, 1024))),
            .. For(dense, HeadDim(64, 1023)),
            .. from mask in new AttentionMask[] { AttentionMask.Window(256, 256), new RandomBlocks(64, 10, 1) }
               from entry in For(sparse, Sweep("sweep", sweepHeads, mask, SuiteThreads.One, 1024, 2048, 4096))
                   .Concat(For(skipping, Sweep("sweep", sweepHeads, mask, SuiteThreads.One, 16384)))
               select entry,
            .. from mask in SparseMasks.Where(mask => mask is not (WindowMask or RandomBlocks))
               from entry in For(sparse, Sweep("sweep", sweepHeads, mask, SuiteThreads.One, 4096))
               select entry,
            .. For(best.With(linear), Sweep("long", oneHead, AttentionMask.Causal, SuiteThreads.One, 256, 512, 1024, 2048, 4096)),
            .. For(flash.With(linear), Sweep("long", oneHead, AttentionMask.Causal, SuiteThreads.One, 16384, 65536, 262144, Million)),
            .. For(skipping, Sweep("long", oneHead, AttentionMask.Window(511, 0), SuiteThreads.One, 1024, 2048, 4096, 16384, 65536, 262144, Million)),
            .. For(decoding, DecodeEntries(AttentionMask.Causal, 256, 1024, 2048, 8192, 32768)),
            .. For(decoding, DecodeEntries(AttentionMask.Window(511, 0), 8192, 32768)),
        ],
        CaseTime = TimeSpan.FromSeconds(0.8),
        CaseLimit = TimeSpan.FromSeconds(90),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Suite> All { get; } =
        [Quick, Full, Reference, Decode, Long, Sparse, Backward, Layers, LayersBackward, Recurrence, Captured, Gpu];

    /// <summary>The patterns with the parameters of their papers, reduced where those do not fit 1024 tokens.</summary>
    private static IEnumerable<AttentionMask> SparseMasks =>
    [
        new RandomBlocks(64, 10, 1), new FixedPattern(128, 8), new StridedPattern(128), AttentionMask.Window(256, 256),
        new DilatedWindow(128, 128, 4), new LongNet((512, 1), (1024, 2)), new BigBird(64, 3, 2, 3, 1), new Longformer(256, 16),
    ];

    /// <summary>The ends of a model, then its layer around each core, at each length; the textbook's layer at the first.</summary>
    private static IEnumerable<SuiteEntry> Model(ModelLayers model, string layer, AttentionMask mask, string[] cores, params int[] lengths)
    {
        foreach (int length in lengths)
        {
            // Under another mask the ends are the same.
            if (model.Ends is { } ends && mask is not WindowMask)
                yield return new SuiteEntry(ModelLayers.At(ends, length, mask), SuiteThreads.One) { Kernels = new SuiteKernels(model.EndKernels) };
            yield return new SuiteEntry(ModelLayers.At(model.Layer, length, mask), SuiteThreads.One)
            {
                Kernels = new SuiteKernels([.. cores.Select(core => string.Join('|', core.Split('|').Select(each => $"layers-tiled-{layer}{each}")))]),
            };
        }
    }

    private static IEnumerable<SuiteEntry> For(SuiteKernels kernels, IEnumerable<SuiteEntry> entries) =>
        entries.Select(entry => entry with { Kernels = kernels });

    private static IEnumerable<SuiteEntry> HeadDim(int headDim, params int[] lengths) =>
        Sweep("head-dim", new AttentionProblem(1, 8, 8, 1, 1, headDim), AttentionMask.Full, SuiteThreads.One, lengths);

    private static IEnumerable<SuiteEntry> DeviceEntries(string name, params int[] lengths) =>
        from length in lengths
        from headDim in new[] { 64, 128 }
        from mask in new[] { AttentionMask.Causal, AttentionMask.Full }
        from entry in Sweep(name, new AttentionProblem(1, 16, 16, 1, 1, headDim), mask, SuiteThreads.All, length)
        select entry;

    private static IEnumerable<SuiteEntry> DecodeEntries(AttentionMask mask, params int[] lengths) =>
        from keys in lengths
        let problem = new AttentionProblem(1, llamaHeads.Heads, llamaHeads.KvHeads, 1, keys, llamaHeads.HeadDim, mask)
        select new SuiteEntry(new NamedProblem("llama3-8b-decode", problem), SuiteThreads.OneAndAll);

    private static IEnumerable<SuiteEntry> Models(SuiteThreads threads) =>
        NamedShapes.All.OrderBy(shape => Operations.Softmax.Flops(shape.Problem)).Select(shape => new SuiteEntry(shape, threads));

    private static IEnumerable<SuiteEntry> Sweep(
        string name, AttentionProblem heads, AttentionMask mask, SuiteThreads threads, params int[] lengths) =>
        from length in lengths
        let problem = new AttentionProblem(heads.Batch, heads.Heads, heads.KvHeads, length, length, heads.HeadDim, mask)
        select new SuiteEntry(new NamedProblem(name, problem), threads);
}
