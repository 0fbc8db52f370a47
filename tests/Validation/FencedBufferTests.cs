using System.IO.Pipes;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Kernels.Bench.Validation;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Kernels.Tests.Validation;

public sealed unsafe class FencedBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(1000)]
    [InlineData(5000)]
    public void It_ends_where_a_page_ends(int length)
    {
        using var buffer = new FencedBuffer(length);
        Assert.Equal(length, buffer.Span.Length);
        Assert.False(buffer.Span.ContainsAnyExcept(0f));
        nuint end = (nuint)Address(buffer, length);
        Assert.Equal(0u, end % (nuint)Environment.SystemPageSize);
        if (length % 16 == 0)
            Assert.Equal(0u, (nuint)Address(buffer, 0) % 64);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-1024)]
    [InlineData(1000)]
    [InlineData(2023)]
    public void A_write_outside_is_seen(int place)
    {
        using var buffer = new FencedBuffer(1000);
        buffer.FillFence(0x7FA5_C3D2);
        buffer.Span.Fill(1);
        Assert.True(buffer.FenceIntact());
        *Address(buffer, place) = 1;
        Assert.False(buffer.FenceIntact());
    }

    [Fact]
    public void Before_a_guarded_buffer_a_write_is_seen_up_to_the_page()
    {
        using var buffer = new FencedBuffer(1000, Fence.GuardPages);
        *Address(buffer, -1) = 1;
        Assert.False(buffer.FenceIntact());
    }

    /// <summary>The operating system refuses to read a guard page on our behalf, where a read of our own would end the process.</summary>
    [Fact]
    public void Nobody_can_read_past_a_guarded_buffer()
    {
        int page = Environment.SystemPageSize / sizeof(float);
        using var guarded = new FencedBuffer(page, Fence.GuardPages);
        using var open = new FencedBuffer(page);
        Assert.True(CanRead(Address(guarded, 0)) && CanRead(Address(guarded, page - 1)));
        Assert.False(CanRead(Address(guarded, page)));
        Assert.False(CanRead(Address(guarded, -1)));
        Assert.True(CanRead(Address(open, page)) && CanRead(Address(open, -1)));
    }

    [Fact]
    public void A_disposed_buffer_gives_no_memory()
    {
        var buffer = new FencedBuffer(10);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Span.Length);
    }

    [Fact]
    public void Impossible_lengths_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FencedBuffer(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FencedBuffer(int.MaxValue + 1L));
    }

    private static float* Address(FencedBuffer buffer, int place) =>
        (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer.Span)) + place;

    private static bool CanRead(float* address)
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        using var file = new SafeFileHandle(pipe.SafePipeHandle.DangerousGetHandle(), ownsHandle: false);
        try
        {
            RandomAccess.Write(file, new ReadOnlySpan<byte>(address, sizeof(float)), 0);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
