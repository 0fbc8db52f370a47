using System.IO.Pipes;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Kernels.Reference;
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
        using var buffer = FencedBuffer.OfFloats(length);
        Assert.Equal(length, buffer.Floats.Length);
        Assert.False(buffer.Floats.ContainsAnyExcept(0f));
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
        using var buffer = FencedBuffer.OfFloats(1000);
        buffer.FillFence(0x7FA5_C3D2);
        buffer.Floats.Fill(1);
        Assert.True(buffer.FenceIntact());
        *Address(buffer, place) = 1;
        Assert.False(buffer.FenceIntact());
    }

    [Fact]
    public void Before_a_guarded_buffer_a_write_is_seen_up_to_the_page()
    {
        using var buffer = FencedBuffer.OfFloats(1000, Fence.GuardPages);
        *Address(buffer, -1) = 1;
        Assert.False(buffer.FenceIntact());
    }

    /// <summary>The operating system refuses to read a guard page on our behalf, where a read of our own would end the process.</summary>
    [Fact]
    public void Nobody_can_read_past_a_guarded_buffer()
    {
        int page = Environment.SystemPageSize / sizeof(float);
        using var guarded = FencedBuffer.OfFloats(page, Fence.GuardPages);
        using var open = FencedBuffer.OfFloats(page);
        Assert.True(CanRead(Address(guarded, 0)) && CanRead(Address(guarded, page - 1)));
        Assert.False(CanRead(Address(guarded, page)));
        Assert.False(CanRead(Address(guarded, -1)));
        Assert.True(CanRead(Address(open, page)) && CanRead(Address(open, -1)));
    }

    [Fact]
    public void A_disposed_buffer_gives_no_memory()
    {
        var buffer = FencedBuffer.OfFloats(10);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Floats.Length);
    }

    [Fact]
    public void Impossible_lengths_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => FencedBuffer.OfFloats(-1));
        // More bytes than a span can hold are a buffer all the same; nobody can have all of memory.
        Assert.Throws<OutOfMemoryException>(() => FencedBuffer.OfFloats(1L << 58));
    }

    private static float* Address(FencedBuffer buffer, int place) =>
        (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(buffer.Floats)) + place;

    private static bool CanRead(float* address)
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        try
        {
            pipe.Write(new ReadOnlySpan<byte>(address, sizeof(float)));
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
