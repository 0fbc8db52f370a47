using System.Text.Json;
using System.Text.Json.Nodes;
using Kernels.Tests.CommandLine;
using Xunit;

namespace Kernels.Tests.Peers;

/// <summary>What bench/peers/native answers to bad requests and where a library is missing: one line, and it goes on.</summary>
[Collection(nameof(Measurement.Alone))]
[RunsOnce]
public sealed class NativePeerTests
{
    private static readonly object hello = new { Do = "hello", Protocol = 2, Operator = "flash" };

    [Theory]
    [InlineData("onnxruntime", "libonnxruntime.so")]
    [InlineData("pytorch", "libtorch_cpu.so")]
    [InlineData("llamacpp", "libggml-base.so")]
    public void A_library_that_is_not_there_is_missing(string library, string file)
    {
        using var temporary = new TemporaryFolder();
        CopyProgram(temporary);
        using var peer = new NativePeer(library, temporary.File(""));

        Assert.Matches($"{file} is missing beside native.dll$", peer.Text("missing", hello));
    }

    [Fact]
    public void A_library_that_cannot_be_loaded_is_missing_for_the_reason_of_the_system()
    {
        using var temporary = new TemporaryFolder();
        CopyProgram(temporary);
        File.WriteAllText(temporary.File("libtorch_cpu.so"), new string('?', 100));
        using var peer = new NativePeer("pytorch", temporary.File(""));

        Assert.EndsWith("invalid ELF header", peer.Text("missing", hello));
    }

    [Fact]
    public void Bad_requests_are_answered_in_a_line_each()
    {
        using var peer = new NativePeer("llamacpp");

        Assert.Equal("hello comes first", peer.Text("error", Load()));
        Assert.Contains("speaks version 2", peer.Text("error", new { Do = "hello", Protocol = 1 }));
        Assert.Equal("there is no operator sdpa", peer.Text("error", new { Do = "hello", Protocol = 2, Operator = "sdpa" }));
        Assert.StartsWith("llama.cpp", peer.Text("version", hello));
        Assert.StartsWith("JsonException", peer.Text("error", "{"));
        Assert.Equal("does not know the request dance", peer.Text("error", new { Do = "dance" }));
        Assert.Equal("load comes before run", peer.Text("error", new { Do = "run", Calls = 1, Outputs = new { } }));
        Assert.Equal("load lacks problem", peer.Text("error", Load(request => request.Remove("problem"))));
        Assert.Equal("heads is no multiple of kvHeads", peer.Text("error", Load(request => request["problem"]!["kvHeads"] = 2)));
        Assert.Equal("the shape of v is not that of the problem", peer.Text("error", Load(request => request["problem"]!["valueDim"] = 5)));
        Assert.Equal("threads are from 1", peer.Text("error", Load(request => request["threads"] = 0)));
        Assert.Equal("has no strided4 mask", peer.Text("error", Load(request => request["problem"]!["mask"] = "strided4")));
        Assert.Equal("does not compute delta", peer.Text("error", Load(request => request["operation"] = "delta")));
        Assert.Contains("instead of", peer.Text("error", Load(file: typeof(NativePeerTests).Assembly.Location)));
        Assert.Contains("nowhere", peer.Text("error", Load()));
    }

    [Theory]
    [InlineData("onnxruntime", "mha", "takes inputs of float32, not bfloat16")]
    [InlineData("pytorch", "flash", "takes inputs of float32, not bfloat16")]
    [InlineData("llamacpp", "flash", null)]
    public void Formats_that_an_operator_has_not_are_refused(string library, string @operator, string? refusal)
    {
        using var peer = new NativePeer(library);
        peer.Text("version", new { Do = "hello", Protocol = 2, Operator = @operator });

        JsonElement answer = peer.Ask(Load(request =>
        {
            request["do"] = "supports";
            foreach (string name in new[] { "q", "k", "v" })
                request["operands"]![name]!["element"] = "bfloat16";
        }));

        Assert.Equal(refusal, answer.TryGetProperty("refusal", out JsonElement text) ? text.GetString() : null);
    }

    [Fact]
    public void A_backward_pass_needs_its_inputs_and_heads_of_their_own()
    {
        using var peer = new NativePeer("pytorch");
        peer.Text("version", hello);
        JsonObject backward = Load(request =>
        {
            (request["do"], request["operation"], request["problem"]!["mask"]) = ("supports", "softmax-backward", "full");
            foreach (string name in new[] { "o", "do" })
                request["operands"]![name] = request["operands"]!["q"]!.DeepClone();
            request["operands"]!["lse"] = request["operands"]!["q"]!.DeepClone();
        });

        Assert.Equal("the shape of lse is not that of the problem", peer.Text("error", backward));
        backward["operands"]!["lse"]!["shape"]![3] = 1;
        Assert.Equal("{}", peer.Ask(backward).GetRawText());
        backward["problem"]!["kvHeads"] = 1;
        foreach (string name in new[] { "k", "v" })
            backward["operands"]![name]!["shape"]![1] = 1;
        Assert.Equal("does not sum gradients over heads that share keys", peer.Text("refusal", backward));
        backward["operands"]!.AsObject().Remove("do");
        Assert.Equal("there is no operand do", peer.Text("error", backward));
    }

    [Theory]
    [InlineData("onnxruntime-gqa")]
    [InlineData("pytorch-flash-backward")]
    [InlineData("llamacpp-flash-bf16")]
    public async Task A_library_runs_in_a_plain_loop(string name)
    {
        CommandRun run = await CommandRun.OfDotNet(
            new Dictionary<string, string>(), Path.Combine(NativePeer.Folder, "native.dll"), "loop", name, "2", "40", "16", "1");

        Assert.Matches($@"^{name} h2-q40-d16, threads 1: median [0-9.]+ ms, least [0-9.]+ ms of [0-9]+ calls\n$", run.Output);
        Assert.Equal(0, run.ExitCode);
    }

    [Theory]
    [InlineData("no loop has the name sdpa", "sdpa", "2", "40", "16", "1")]
    [InlineData("native loop OPERATOR", "pytorch-flash", "2", "40")]
    [InlineData("native loop OPERATOR", "pytorch-flash", "2", "40", "-16", "1")]
    public async Task A_loop_that_there_is_not_is_refused(string reason, params string[] words)
    {
        CommandRun run = await CommandRun.OfDotNet(new Dictionary<string, string>(), [Path.Combine(NativePeer.Folder, "native.dll"), "loop", .. words]);

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith(reason, run.Error);
    }

    // The program and what it needs of .NET, without native libraries and without the list of them.
    private static void CopyProgram(TemporaryFolder folder)
    {
        foreach (string file in new[] { "native.dll", "native.runtimeconfig.json", "Microsoft.ML.OnnxRuntime.dll" })
            File.Copy(Path.Combine(NativePeer.Folder, file), folder.File(file));
    }

    private static JsonObject Load(Action<JsonObject>? change = null, string file = "/nowhere")
    {
        string operand = $"\"role\":\"input\",\"element\":\"float32\",\"file\":\"{file}\"";
        JsonObject load = JsonNode.Parse($$"""
            {
              "do": "load", "operation": "softmax", "threads": 1,
              "problem": {
                "batch": 1, "heads": 3, "kvHeads": 3, "queries": 2, "keys": 5, "headDim": 4, "valueDim": 4, "queryStart": 3, "keyStart": 0,
                "scale": 0.5, "mask": "causal"
              },
              "operands": {
                "q": { {{operand}}, "shape": [1, 3, 2, 4] },
                "k": { {{operand}}, "shape": [1, 3, 5, 4] },
                "v": { {{operand}}, "shape": [1, 3, 5, 4] },
                "o": { "role": "output", "element": "float32", "shape": [1, 3, 2, 4] }
              }
            }
            """)!.AsObject();
        change?.Invoke(load);
        return load;
    }
}
