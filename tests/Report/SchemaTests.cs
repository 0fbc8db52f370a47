using System.Text.Json;
using System.Text.Json.Nodes;
using Kernels.Report.Model;
using Kernels.Results;
using Xunit;

namespace Kernels.Tests.Report;

/// <summary>Files of an earlier schema version are read as if this version had written them.</summary>
[RunsOnce]
public sealed class SchemaTests
{
    private const string First =
        """
        {
          "schemaVersion": 1,
          "run": {
            "id": "2026-11-22T0830-quick", "started": "2026-11-22T08:30:00+00:00", "command": "run", "suite": "quick", "cold": false,
            "interrupted": true
          },
          "machine": {
            "name": "m", "processor": "p", "cores": 2, "architecture": "X64", "instructionSets": ["AVX2"], "cacheBytes": { "L1": 32768 },
            "memoryBytes": 8589934592, "operatingSystem": "o", "runtime": "r", "runtimeSettings": {}, "libraries": {}
          },
          "kernels": [
            { "name": "flash-a", "family": "flash", "definition": "softmax", "idea": "a", "precision": "single", "available": true },
            { "name": "flash-half", "family": "flash", "definition": "softmax", "idea": "h", "buildsOn": "flash-a", "precision": "half", "available": true },
            {
              "name": "linear-b", "family": "linear", "definition": "linear-elu", "idea": "b", "available": true,
              "gate": {
                "passed": 3, "failed": 0, "warned": 0, "refused": 0, "worstCase": "b1-h1-q2-k2-d4 normal seed 1",
                "worst": { "maxAbs": 1e-7, "nmse": 1e-14, "ratioToBase": 0.5, "limit": 2, "worstIndex": [0, 0, 1, 2], "checkedRows": 2, "totalRows": 2 }
              }
            }
          ],
          "cases": [
            {
              "kernel": "flash-a", "problem": "b1-h8/2-q1-k512-d64", "mask": "full", "threads": 1, "status": "measured",
              "timing": { "medianNs": 100, "lowNs": 99, "highNs": 101, "samples": 15 }, "exactGflops": 5, "gigabytesPerSecond": 3
            },
            { "kernel": "flash-half", "problem": "b1-h8/2-q1-k512-d64", "mask": "full", "threads": 1, "status": "skipped", "reason": "too long" }
          ]
        }
        """;

    [Fact]
    public void TheFirstVersionMakesTheSameResults()
    {
        JsonObject expected = JsonNode.Parse(First)!.AsObject();
        expected["schemaVersion"] = 2;
        JsonArray kernels = expected["kernels"]!.AsArray();
        Name(kernels[0]!.AsObject(), "softmax", "float32");
        Name(kernels[1]!.AsObject(), "softmax", "float16");
        kernels[1]!["products"] = "float16";
        Name(kernels[2]!.AsObject(), "linear-elu", "float32");

        Assert.Equal(Text(Load(expected.ToJsonString())), Text(Load(First)));

        static void Name(JsonObject kernel, string operation, string format)
        {
            kernel.Remove("definition");
            kernel.Remove("precision");
            kernel["operation"] = operation;
            kernel["format"] = format;
        }
    }

    [Fact]
    public void WhatTheFirstVersionDidNotSayHasItsOnlyMeaning()
    {
        RunResults results = Load(First);
        Assert.Equal(2, results.SchemaVersion);
        Assert.Equal([null, "float16", null], results.Kernels.Select(kernel => kernel.Products));
        Assert.Equal("o", results.Kernels[2].Gate!.Worst!.Operand);
        Assert.All(results.Kernels, kernel => Assert.Null(kernel.Formula));
    }

    [Fact]
    public void ItsModelTellsHalfPrecisionApart()
    {
        var data = new ReportData([Load(First)]);
        Assert.Equal([Workload.Softmax, new("softmax", "float16", "float16")], data.Cases.Select(shown => shown.Workload));
        Assert.Equal([true, false], data.Cases.Select(shown => shown.IsFloat32Softmax));
    }

    [Fact]
    public void ResultsOfThisVersionStayAsTheyAre()
    {
        JsonObject current = JsonSerializer.SerializeToNode(Synthetic.Run(), ResultsJson.Options)!.AsObject();
        string before = current.ToJsonString();
        SchemaUpgrade.ToCurrent(current);
        Assert.Equal(before, current.ToJsonString());
    }

    private static string Text(RunResults results) => JsonSerializer.Serialize(results, ResultsJson.Options);

    private static RunResults Load(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(RunFolder.ResultsFile), text);
        return RunFolder.Load(folder.Path);
    }
}
