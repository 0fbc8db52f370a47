using BenchmarkDotNet.Attributes;
using Kernels.Abstractions;
using Kernels.Bench.Commands.Selection;
using Kernels.Reference;
using Kernels.Validation;

namespace Kernels.Bench.Commands;

/// <summary>
/// Any kernel of the catalog on any problem as an ordinary benchmark of BenchmarkDotNet, which runs it in a separate process. The
/// parameters are names, because only strings reach that process. See <c>benchmark --help</c>.
/// </summary>
public class KernelBenchmark
{
    private Inputs? inputs;
    private IExecutor? executor;
    private CallBuffers? buffers;

    /// <summary>Name of the kernel.</summary>
    public string Kernel { get; set; } = "";

    /// <summary>Name of the problem, such as <c>b1-h8-q512-k512-d64</c>.</summary>
    public string Problem { get; set; } = "";

    /// <summary>Threads, the calling one included.</summary>
    public int Threads { get; set; } = 1;

    /// <summary>Creates inputs and starts the team.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        Kernel kernel = KernelSelection.One(Kernel);
        inputs = Catalog.References.Of(kernel.Info.Operation).CreateInputs(ProblemName.Parse(Problem), InputFamily.Normal, seed: 1);
        executor = Executors.For(kernel, Threads);
        buffers = new CallBuffers(kernel, inputs, executor);
    }

    /// <summary>The timed part.</summary>
    [Benchmark]
    public void Call() => buffers!.Call.Run();

    /// <summary>Frees inputs and team.</summary>
    [GlobalCleanup]
    public void Release()
    {
        buffers?.Dispose();
        executor?.Dispose();
        inputs?.Dispose();
    }
}
