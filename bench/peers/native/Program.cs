using Kernels.NativePeers.Conversation;
using Kernels.NativePeers.Ggml;
using Kernels.NativePeers.Loops;
using Kernels.NativePeers.OnnxRuntime;
using Kernels.NativePeers.Operators;
using Kernels.NativePeers.PyTorch;

// native model FILE THREADS: a whole model, for bench model compare.
if (args is ["model", var file, var count] && int.TryParse(count, out int threads))
{
    Interrupt.Ignore();
    using Stream embeddings = AnswerStream.Take();
    return SentenceModel.Answer(file, threads, Console.In, embeddings);
}
// native loop OPERATOR HEADS TOKENS CHANNELS THREADS: a library in a plain loop, to compare with what bench measures of it.
if (args is ["loop", var looped, .. var sizes])
    return PlainLoop.Run(looped, [.. sizes.Select(size => int.TryParse(size, out int number) ? number : 0)], Console.Out);
// native LIBRARY: answers the requests of docs/peers.md with one of these libraries.
IOperatorLibrary? library = args is not [var name] ? null : name switch
{
    "onnxruntime" => new OnnxLibrary(),
    "pytorch" => new TorchLibrary(),
    "llamacpp" => new GgmlLibrary(),
    _ => null,
};
if (library is null)
{
    Console.Error.WriteLine("This program is started by --peers, see docs/peers.md; its argument is onnxruntime, pytorch or llamacpp.");
    return 2;
}
Interrupt.Ignore();
using Stream answers = AnswerStream.Take();
using var dialogue = new Dialogue(library);
return dialogue.Hold(Console.OpenStandardInput(), answers);
