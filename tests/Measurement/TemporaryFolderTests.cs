using Xunit;
using Folder = Kernels.Results.TemporaryFolder;

namespace Kernels.Tests.Measurement;

/// <summary>What a process that was killed leaves in the temporary folder, the next one takes away.</summary>
[RunsOnce]
public class TemporaryFolderTests
{
    [Fact]
    public void A_folder_ends_with_its_object()
    {
        string path;
        using (var folder = new Folder())
        {
            path = folder.Path;
            File.WriteAllText(folder["some.file"], "text");
            Assert.True(File.Exists(Path.Combine(path, "some.file")));
        }
        Assert.False(Directory.Exists(path));
    }

    [Fact]
    public void Folders_whose_owner_is_gone_are_removed_and_no_others()
    {
        using var parent = new TemporaryFolder();
        DateTime old = DateTime.UtcNow.AddHours(-1);
        Make("attention-kernels-dead", old).Dispose();
        Make("attention-kernels-young", DateTime.UtcNow).Dispose();
        Make("of-others", old).Dispose();
        Directory.CreateDirectory(parent.File("attention-kernels-without-lock"));
        using (Make("attention-kernels-alive", old))
        {
            Folder.Sweep(new DirectoryInfo(parent.Path));
            Assert.Equal(
                ["attention-kernels-alive", "attention-kernels-without-lock", "attention-kernels-young", "of-others"],
                Directory.EnumerateDirectories(parent.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        }
        Folder.Sweep(new DirectoryInfo(parent.Path));
        Assert.False(Directory.Exists(parent.File("attention-kernels-alive")));

        FileStream Make(string name, DateTime written)
        {
            string folder = Directory.CreateDirectory(parent.File(name)).FullName, file = Path.Combine(folder, ".lock");
            File.WriteAllText(Path.Combine(folder, "left.f32"), "numbers");
            File.WriteAllText(file, "");
            File.SetLastWriteTimeUtc(file, written);
            return new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
    }
}
