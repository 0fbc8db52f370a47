using System.Text.Json;
using Kernels.Abstractions;
using Kernels.Layers;
using Kernels.Models;
using Kernels.Peers;
using Kernels.Tests.Structure;
using Xunit;

namespace Kernels.Tests.Models;

/// <summary>The trained model on the layer kernels beside ONNX Runtime on the same file.</summary>
[RunsOnce]
public class TrainedModelTests
{
    /// <summary>200 texts of 3 to 500 tokens, each at its own length.</summary>
    [Fact]
    public void The_trained_model_has_the_embeddings_of_onnx_runtime()
    {
        string folder = ModelFolder.Of(Repository.Root, MiniLm.Name),
            program = Path.Combine(Repository.Root, "bench/peers/native/bin/Release/net10.0/native.dll");
        Assert.SkipUnless(MiniLm.IsIn(folder), "the model was not fetched: model fetch minilm");
        Assert.SkipUnless(File.Exists(program), "ONNX Runtime was not built: dotnet build -c Release bench/peers/native");
        MiniLm model = MiniLm.Load(folder);
        using var encoder = new LayeredEncoder(model.Weights, LayerKernels.Tiled(LayeredEncoder.OperationOf(MiniLm.Shape), Format.Float32), 2);
        using PeerProcess peer = PeerProcess.Start(["dotnet", program, "model", Path.Combine(folder, MiniLm.OnnxName), "2"], Path.GetDirectoryName(program)!);
        var random = new Random(1);
        for (int text = 0; text < 200; text++)
        {
            int[] ids = [.. Enumerable.Range(0, text < 2 ? (text == 0 ? 3 : 500) : random.Next(3, 501)).Select(_ => random.Next(MiniLm.Shape.Vocabulary))];
            float[] embedding = new float[MiniLm.Shape.Width];
            encoder.Embed(ids, embedding);
            string answer = peer.Ask($"1 {string.Join(' ', ids.Select(id => id.ToString()))}", TimeSpan.FromMinutes(1), CancellationToken.None);
            LayeredEncoderTests.AssertNear(
                [.. JsonDocument.Parse(answer).RootElement.GetProperty("embedding").EnumerateArray().Select(number => number.GetDouble())], embedding);
        }
    }
}
