"""As much of PyTorch as its peer uses, in plain Python: a stand-in for tests where PyTorch is not installed."""
import array
import contextlib
import types

from . import nn

__version__ = "0.0 (stand-in)"
float32 = "f"


class Tensor:
    def __init__(self, data, shape):
        self.data, self.shape = data, shape

    def view(self, *shape):
        return Tensor(self.data, shape)

    def clone(self):
        return Tensor(array.array("f", self.data), self.shape)

    def contiguous(self):
        return self

    def numpy(self):
        return types.SimpleNamespace(tofile=self.write)

    def write(self, name):
        with open(name, "wb") as file:
            self.data.tofile(file)


def from_file(name, shared, size, dtype):
    if shared or dtype != float32:
        raise ValueError("only private float32 files")
    data = array.array(dtype)
    with open(name, "rb") as file:
        data.fromfile(file, size)
    return Tensor(data, (size,))


def set_num_threads(count):
    if count < 1:
        raise ValueError("at least one thread")


inference_mode = contextlib.nullcontext
nn.functional.Tensor = Tensor
