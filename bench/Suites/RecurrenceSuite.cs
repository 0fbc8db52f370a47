using Kernels.Abstractions;
using Kernels.Measurement;

namespace Kernels.Bench.Suites;

/// <summary>What came before transformers beside self-attention, on rows and states of 512 numbers; textbook kernels where they take no seconds.</summary>
internal static class RecurrenceSuite
{
    private const string NaiveMultiHead = "layers-naive-multi-head";

    private static readonly SuiteKernels sequenceModels = new(
        "layers-tiled-rnn", "layers-tiled-gru", "layers-tiled-seq2seq", "layers-tiled-seq2seq-additive", "layers-tiled-seq2seq-dot",
        "layers-tiled-additive-attention", "layers-tiled-multi-head",
        "layers-tiled-multi-head+simd-avx512|layers-tiled-multi-head+simd-avx2|layers-tiled-multi-head+simd-portable",
        "layers-tiled-multi-head+linear-elu-chunked");

    public static Suite Suite { get; } = new()
    {
        Name = "recurrence",
        Summary = "RNN, GRU, sequence to sequence without and with attention, and self-attention, 16 … 4096 tokens of width 512, 1 and all threads; 6 "
            + "minutes on 2 cores",
        Entries =
        [
            .. from length in new[] { 16, 64, 256, 1024, 4096 }
               let problem = new LayerProblem(new(1, 8, 8, length, length, 64), 512, 512)
               select new SuiteEntry(new NamedProblem("recurrence", problem), SuiteThreads.OneAndAll)
               {
                   Kernels = length switch
                   {
                       <= 64 => sequenceModels.With(
                           "layers-naive-rnn", "layers-naive-gru", "layers-naive-seq2seq*", "layers-naive-additive-attention", NaiveMultiHead),
                       <= 256 => sequenceModels.With(NaiveMultiHead),
                       _ => sequenceModels,
                   },
               },
        ],
        CaseTime = TimeSpan.FromSeconds(0.4),
        CaseLimit = TimeSpan.FromSeconds(120),
    };
}
